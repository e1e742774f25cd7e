package io.azcp.tests;

import java.util.concurrent.atomic.AtomicIntegerArray;

/** Blobs that are replaced now and then, by content that tells its version. Thread-safe. */
final class VersionedFiles {
  private final Lab lab;
  private final String prefix;
  private final int[] sizes;
  private final AtomicIntegerArray begun;
  private final AtomicIntegerArray done;

  /**
   * Uploads the first versions.
   *
   * @param sizes what the lengths of each file's versions are around
   */
  VersionedFiles(Lab lab, String prefix, int... sizes) {
    this.lab = lab;
    this.prefix = prefix;
    this.sizes = sizes.clone();
    this.begun = new AtomicIntegerArray(sizes.length);
    this.done = new AtomicIntegerArray(sizes.length);
    for (int i = 0; i < sizes.length; i++) {
      replace(i);
    }
  }

  int count() {
    return sizes.length;
  }

  /** Its name below the prefix. */
  String name(int file) {
    return "f" + file % 3 + "/" + file;
  }

  int length(int file, int version) {
    return sizes[file] - sizes[file] / 8 + (int) ((version * 7919L + file) % (sizes[file] / 4 + 1));
  }

  /** The newest version that the service may have by now. */
  int begun(int file) {
    return begun.get(file);
  }

  /** A version that the service has, or had before it got a newer one. */
  int done(int file) {
    return done.get(file);
  }

  /** Replaces the blob; one thread at a time for each. */
  void replace(int file) {
    int version = begun.incrementAndGet(file);
    lab.upload(
        prefix + "/" + name(file), SelfTelling.content(file, version, length(file, version)));
    done.set(file, version);
  }
}
