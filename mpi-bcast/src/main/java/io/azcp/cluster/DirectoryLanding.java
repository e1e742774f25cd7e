package io.azcp.cluster;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.HumanText;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.PosixException;
import io.azcp.base.posix.Stat;
import java.io.IOException;

/** Below a directory of the node, each file at its name. */
public final class DirectoryLanding implements Landing {
  private static final int ALL = 0777;

  private final String directory;
  private Staging staging;
  private String lastParent = "";

  /**
   * A destination.
   *
   * @param directory absolute; made where it is missing
   */
  public DirectoryLanding(String directory) {
    this.directory = directory;
  }

  @Override
  public void open() throws IOException {
    try {
      Files.mkdirs(directory, ALL);
      staging = Staging.in(directory);
    } catch (PosixException e) {
      throw Staging.unusable(directory, e);
    }
  }

  @Override
  public boolean isPresent(Entry entry, Compare how) throws IOException {
    return switch (how) {
      case NONE -> false;
      case SIZE -> hasSize(entry);
      case FILELIST -> entry.known() && hasSize(entry);
    };
  }

  /**
   * A file that was only given its size, as other programs leave it behind when they are killed,
   * has no block of the disk and counts as missing.
   */
  private boolean hasSize(Entry entry) throws IOException {
    Stat stat;
    try {
      stat = Files.lstat(place(entry));
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
        return false;
      }
      throw e;
    }
    boolean hole = stat.blocks() == 0 && stat.size() >= Chunks.ALIGNMENT;
    return stat.isRegular() && stat.size() == entry.size() && !hole;
  }

  @Override
  public String place(Entry entry) {
    return directory + "/" + entry.name();
  }

  @Override
  public String temporary(int number) throws IOException {
    return staging.path(number);
  }

  @Override
  public void checkRoom(long bytes, long files) throws IOException {
    Files.Space space = Files.space(directory);
    if (bytes > space.availableBytes()) {
      throw new AzcpException(
          Errno.ENOSPC,
          directory
              + " has "
              + HumanText.bytes(space.availableBytes())
              + " free, and "
              + HumanText.bytes(bytes)
              + " are needed; make room or name another directory");
    }
    if (space.totalFiles() > 0 && files > space.freeFiles()) {
      throw new AzcpException(
          Errno.ENOSPC,
          directory
              + " has room for "
              + space.freeFiles()
              + " files more, and "
              + files
              + " are needed; make room or name another directory");
    }
  }

  @Override
  public synchronized void publish(int number, Entry entry) throws IOException {
    String place = place(entry);
    String parent = place.substring(0, place.lastIndexOf('/'));
    if (!parent.equals(lastParent)) {
      Files.mkdirs(parent, ALL);
      lastParent = parent;
    }
    Files.rename(staging.path(number), place);
  }

  @Override
  public void close() {
    if (staging != null) {
      staging.close();
    }
  }
}
