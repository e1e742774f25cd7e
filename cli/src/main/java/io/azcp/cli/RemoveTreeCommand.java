package io.azcp.cli;

import picocli.CommandLine;

/** Removes directories. */
@CommandLine.Command(
    name = "rmtree",
    description = "Removes directories with all they hold: rm -r, as azfuse calls it.")
final class RemoveTreeCommand extends RemovalCommand {
  RemoveTreeCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  boolean recursive() {
    return true;
  }
}
