package io.azcp.cli;

import io.azcp.fs.mount.FileContent;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Prints the end of files. */
final class TailCommand extends PrintCommand {
  private final PartFlags part = new PartFlags(arguments);

  TailCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("tail")
        .description("Prints the end of files by their mapped paths, and fetches no more.");
  }

  @Override
  boolean withNames() {
    return true;
  }

  @Override
  void print(FileContent content) throws IOException {
    long count = part.count();
    long length = content.length();
    long from = part.inBytes() ? Math.max(0, length - count) : start(content, count);
    range(content, from, length, false);
  }

  /** Where the last lines begin; a line feed at the very end begins no line. */
  private static long start(FileContent content, long lines) throws IOException {
    long length = content.length();
    if (lines == 0) {
      return length;
    }
    ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE);
    long left = lines;
    long end = length;
    while (end > 0) {
      // Pieces end where units of the cache do.
      long from = (end - 1) / PIECE * PIECE;
      read(content, from, buffer.clear().limit((int) (end - from)));
      for (long at = end - 1; at >= from; at--) {
        boolean begins = buffer.get((int) (at - from)) == '\n' && at < length - 1;
        if (begins && --left == 0) {
          return at + 1;
        }
      }
      end = from;
    }
    return 0;
  }

  private static void read(FileContent content, long from, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      int limit = buffer.limit();
      content.read(from + buffer.position(), buffer, false);
      buffer.limit(limit);
    }
  }
}
