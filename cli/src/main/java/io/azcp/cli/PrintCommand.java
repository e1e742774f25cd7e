package io.azcp.cli;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.fs.mount.FileContent;
import io.azcp.fs.mount.PathFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A command that prints bytes of files and fetches no others. */
abstract class PrintCommand extends PathCommand {
  /** What is asked for at once: a unit of the cache. */
  static final int PIECE = 1 << 16;

  private final Value<List<String>> paths = arguments.parameters(1, "PATH", "A file.");

  PrintCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  /** Prints of one file what the command is about. */
  abstract void print(FileContent content) throws IOException;

  /** Whether a line with its name stands above each of several files. */
  boolean withNames() {
    return false;
  }

  @Override
  public final Integer call() throws IOException {
    PathFiles files = requests().files();
    int code = ExitCode.DONE;
    boolean first = true;
    for (String path : paths.get()) {
      try (FileContent content = files.open(path)) {
        if (withNames() && paths.get().size() > 1) {
          out().println((first ? "" : "\n") + "==> " + path + " <==");
        }
        first = false;
        print(content);
      } catch (AzcpException e) {
        if (e.errno() == Errno.EPIPE || e instanceof io.azcp.base.UsageException) {
          throw e;
        }
        complain(e.getMessage());
        code = ExitCode.FAILED;
      }
    }
    return code;
  }

  /** Prints a range. */
  final void range(FileContent content, long from, long to, boolean sequential) throws IOException {
    var channel = new StandardOutput(out());
    ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE);
    for (long at = from; at < to; ) {
      buffer.clear().limit((int) Math.min(PIECE, to - at));
      content.read(at, buffer, sequential);
      at += buffer.position();
      write(channel, buffer.flip());
    }
  }

  static void write(StandardOutput channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
