package io.azcp.cluster;

import java.io.IOException;

/**
 * Where files land on one node: each first under a name of its own that nobody takes for the file,
 * and under the file's name once it is whole. Thread-safe.
 */
public interface Landing extends AutoCloseable {
  /** Makes ready what everything needs, and removes what killed runs have left. */
  void open() throws IOException;

  /** Whether this node has a file, as far as it shall be asked. */
  boolean isPresent(Entry entry, Compare how) throws IOException;

  /** Where a file lies that this node has. */
  String place(Entry entry);

  /** The temporary file of a number; its directory is there. */
  String temporary(int number) throws IOException;

  /**
   * Proves that there is room.
   *
   * @param bytes of the files that are to land, in whole blocks
   * @throws io.azcp.base.AzcpException {@code ENOSPC}, telling what is missing
   */
  void checkRoom(long bytes, long files) throws IOException;

  /** Gives a whole temporary file the name of its file, atomically. */
  void publish(int number, Entry entry) throws IOException;

  /** Removes what was not published. */
  @Override
  void close();
}
