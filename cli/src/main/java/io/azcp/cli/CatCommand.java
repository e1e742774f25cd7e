package io.azcp.cli;

import io.azcp.fs.mount.FileContent;
import java.io.IOException;

/** Prints files. */
final class CatCommand extends PrintCommand {
  CatCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("cat").description("Prints files by their mapped paths.");
  }

  @Override
  void print(FileContent content) throws IOException {
    range(content, 0, content.length(), true);
  }
}
