package io.azcp.cache;

import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Native;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Serves a local file to several processes and notes each range it has served in one log. */
final class LoggedSource implements RangeSource {
  private static final int PIECE = 256 << 10;

  private final String blob;
  private final Path log;
  private final long pauseNanos;
  private final long stopAfter;
  private long served;

  /**
   * A source.
   *
   * @param pauseNanos a wait before each 256 KiB
   * @param stopAfter after so many bytes it says {@code held} on stdout and never goes on
   */
  LoggedSource(String blob, Path log, long pauseNanos, long stopAfter) {
    this.blob = blob;
    this.log = log;
    this.pauseNanos = pauseNanos;
    this.stopAfter = stopAfter;
  }

  @Override
  public void fetch(String name, BlobVersion version, long offset, long length, Sink sink)
      throws IOException {
    int fd = Fd.open(blob, Fd.O_RDONLY, 0);
    try {
      ByteBuffer piece = Native.buffer(PIECE);
      for (long at = offset; at < offset + length; ) {
        piece.clear().limit((int) Math.min(PIECE, offset + length - at));
        Fd.pread(fd, piece, at);
        piece.flip();
        int n = piece.remaining();
        LockSupport.parkNanos(pauseNanos);
        holdWhenDue();
        note(at, n);
        sink.write(at, piece);
        at += n;
      }
    } finally {
      Fd.close(fd);
    }
  }

  private synchronized void note(long offset, int length) throws IOException {
    served += length;
    Files.writeString(
        log,
        offset + " " + length + " " + ProcessHandle.current().pid() + "\n",
        StandardCharsets.US_ASCII,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private void holdWhenDue() {
    boolean due;
    synchronized (this) {
      due = served >= stopAfter;
    }
    if (due) {
      System.out.println("held");
      while (true) {
        LockSupport.park();
      }
    }
  }

  /** Bytes served to everyone so far. */
  static long servedBytes(Path log) throws IOException {
    return lines(log).stream().mapToLong(line -> Long.parseLong(line.split(" ", 3)[1])).sum();
  }

  /** How many processes fetched anything. */
  static long processes(Path log) throws IOException {
    return lines(log).stream().map(line -> line.split(" ", 3)[2]).distinct().count();
  }

  private static List<String> lines(Path log) throws IOException {
    return Files.readAllLines(log, StandardCharsets.US_ASCII);
  }
}
