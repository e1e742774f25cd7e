package io.azcp.transfer.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * The local directories of an upload that removes its sources: each goes once all that was found in
 * it is gone, the deepest first. One that was empty before holds nothing that is found, and stays;
 * so does one that holds anything else, which is for rmdir(2) to say: in a list of files, which has
 * no order, a directory may be come to more than once. Never through a symbolic link.
 *
 * <p>One thread walks; any thread tells what became of a file.
 */
final class EmptiedDirectories {
  private final Path root;
  private final boolean rootStays;
  private final Ascent ascent = new Ascent(this::remove, this::remove);
  private boolean begun;

  /**
   * Nothing was found yet.
   *
   * @param root the source
   * @param rootStays whether it is kept itself
   */
  EmptiedDirectories(Path root, boolean rootStays) {
    this.root = root;
    this.rootStays = rootStays;
  }

  /** Comes to the next file, in the order of the walk; gives the directory it is in. */
  Ascent.Directory enter(String name) throws IOException {
    if (!begun) {
      begun = true;
      ascent.open("");
    }
    Ascent.Directory in = ascent.enter(name);
    int from = BlobPages.directoryPrefix(in.name()).length();
    for (int slash = name.indexOf('/', from); slash >= 0; slash = name.indexOf('/', slash + 1)) {
      ascent.open(name.substring(0, slash));
      in = ascent.enter(name);
    }
    return in;
  }

  /** A file of a directory is gone, or stays. */
  void left(Ascent.Directory directory, boolean gone) {
    ascent.left(directory, gone);
  }

  /** Nothing more is found. */
  void finish() throws IOException {
    ascent.finish();
  }

  private void remove(Ascent.Directory directory) {
    boolean root = directory.name().isEmpty();
    if (!directory.keepsAnything() && !(root && rootStays)) {
      removeIfEmpty(root ? this.root : LocalPaths.resolve(this.root, directory.name()));
    }
    ascent.left(directory.above(), true);
  }

  private static void removeIfEmpty(Path directory) {
    try {
      if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        Files.delete(directory);
      }
    } catch (IOException e) {
      // Something is still there, or the directory is not ours to remove: it stays.
      return;
    }
  }
}
