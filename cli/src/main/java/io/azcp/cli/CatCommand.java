package io.azcp.cli;

import io.azcp.fs.mount.FileContent;
import java.io.IOException;
import picocli.CommandLine;

/** Prints files. */
@CommandLine.Command(name = "cat", description = "Prints files by their mapped paths.")
final class CatCommand extends PrintCommand {
  CatCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  void print(FileContent content) throws IOException {
    range(content, 0, content.length(), true);
  }
}
