package io.azcp.cache;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;

/** A second process on a cache folder, told what to do by its arguments. */
final class CacheChild {
  private static final int STEP = 1 << 20;

  private CacheChild() {}

  /**
   * Arguments: forward, backward, or open; folder, blob file, log, pause in ns, stop after bytes,
   * ETag, length. Says {@code ready}, waits for a line, reads all, says the SHA-256 and waits for
   * the end of its input with the file open.
   */
  public static void main(String[] args) throws Exception {
    var source =
        new LoggedSource(
            args[2], Path.of(args[3]), Long.parseLong(args[4]), Long.parseLong(args[5]));
    var version = new BlobVersion(args[6], Long.parseLong(args[7]), 1_700_000_000_000L, "");
    try (var threads = new TestThreads(4);
        var cache = CacheFolder.open(patient(args[1]), source, threads);
        CachedFile file = cache.open("blob", version)) {
      System.out.println("ready");
      int line = System.in.read();
      if (line >= 0 && !args[0].equals("open")) {
        System.out.println(sha256(file, args[0].equals("backward")));
      }
      while (System.in.read() >= 0) {
        // The file stays open until the parent lets go.
        Thread.onSpinWait();
      }
    }
  }

  /** Nobody is taken for stuck because the machine is busy. */
  static CacheOptions patient(String folder) {
    return CacheOptions.of(folder, "shared")
        .withWaits(Duration.ofMinutes(2), Duration.ofSeconds(4));
  }

  /** Reads a file step by step, in one direction or the other, and then digests it. */
  static String sha256(CachedFile file, boolean backward) throws Exception {
    long length = file.version().length();
    int steps = (int) ((length + STEP - 1) / STEP);
    for (int i = 0; i < steps; i++) {
      long offset = (long) (backward ? steps - 1 - i : i) * STEP;
      Fault.of(file, offset, Math.min(STEP, length - offset)).await();
    }
    return digest(file, steps);
  }

  private static String digest(CachedFile file, int steps) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    for (int i = 0; i < steps; i++) {
      digest.update(peek(file, (long) i * STEP));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static byte[] peek(CachedFile file, long offset) throws IOException {
    return Fault.peek(file, offset, (int) Math.min(STEP, file.version().length() - offset));
  }
}
