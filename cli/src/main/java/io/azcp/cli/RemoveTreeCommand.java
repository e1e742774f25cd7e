package io.azcp.cli;

/** Removes directories. */
final class RemoveTreeCommand extends RemovalCommand {
  RemoveTreeCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("rmtree")
        .description("Removes directories with all they hold: rm -r, as azfuse calls it.");
  }

  @Override
  boolean recursive() {
    return true;
  }
}
