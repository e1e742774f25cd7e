package io.azcp.transfer.engine.sync;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a sync will do, made by a whole scan of both sides and kept on disk: nothing has been done
 * yet. Used by one thread at a time.
 */
public final class Plan implements AutoCloseable {
  /** Blobs without an MD5 that are named. */
  private static final int NAMED = 10;

  private final EntryFile moves;
  private final EntryFile suspects;
  private final EntryFile deletions;
  private final List<String> withoutMd5 = new ArrayList<>();
  private long withoutMd5Count;
  private long unchanged;
  private long found;
  private long destinationFiles;

  private Plan(EntryFile moves, EntryFile suspects, EntryFile deletions) {
    this.moves = moves;
    this.suspects = suspects;
    this.deletions = deletions;
  }

  static Plan in(Path folder) throws IOException {
    EntryFile moves = EntryFile.in(folder);
    EntryFile suspects = EntryFile.in(folder);
    return new Plan(moves, suspects, EntryFile.in(folder));
  }

  /** Entries of the source that are to be copied. */
  public EntryFile moves() {
    return moves;
  }

  /**
   * Files on both sides that are to be copied unless the one on this machine has the MD5 of the
   * blob, which is told by the entry.
   */
  public EntryFile suspects() {
    return suspects;
  }

  /** Entries that are only at the destination. */
  public EntryFile deletions() {
    return deletions;
  }

  /** Blobs on both sides whose MD5 the service does not know, where it was asked for: the first. */
  public List<String> withoutMd5() {
    return List.copyOf(withoutMd5);
  }

  /** How many those are. */
  public long withoutMd5Count() {
    return withoutMd5Count;
  }

  /** Files that are the same on both sides. */
  public long unchanged() {
    return unchanged;
  }

  /** Whether the source has nothing at all, whatever the filters take. */
  public boolean sourceIsEmpty() {
    return found == 0;
  }

  /** Files of the destination that the filters take. */
  public long destinationFiles() {
    return destinationFiles;
  }

  void addWithoutMd5(String name) {
    withoutMd5Count++;
    if (withoutMd5.size() < NAMED) {
      withoutMd5.add(name);
    }
  }

  void addUnchanged() {
    unchanged++;
  }

  void addFound() {
    found++;
  }

  void addDestinationFile() {
    destinationFiles++;
  }

  @Override
  public void close() throws IOException {
    moves.close();
    suspects.close();
    deletions.close();
  }
}
