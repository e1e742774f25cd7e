package io.azcp.cli;

import io.azcp.fs.mount.FileContent;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Prints the beginning of files. */
final class HeadCommand extends PrintCommand {
  private final PartFlags part = new PartFlags(arguments);

  HeadCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("head")
        .description("Prints the beginning of files by their mapped paths, and fetches no more.");
  }

  @Override
  boolean withNames() {
    return true;
  }

  @Override
  void print(FileContent content) throws IOException {
    long count = part.count();
    if (part.inBytes()) {
      range(content, 0, Math.min(count, content.length()), false);
      return;
    }
    var channel = new StandardOutput(out());
    ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE);
    long left = count;
    for (long at = 0; left > 0 && at < content.length(); ) {
      buffer.clear();
      content.read(at, buffer, false);
      at += buffer.position();
      buffer.flip();
      int end = 0;
      while (left > 0 && end < buffer.limit()) {
        left -= buffer.get(end++) == '\n' ? 1 : 0;
      }
      write(channel, buffer.limit(end));
    }
  }
}
