package io.azcp.cli;

/** Removes blobs, directories and containers. */
final class RemoveCommand extends RemovalCommand {
  private final Value<Boolean> recursive =
      arguments
          .flag("-r", "--recursive")
          .says("Remove what is below a directory, or a whole container.");

  private final Value<Boolean> prefix =
      arguments.flag("--prefix").says("Remove all whose names start so: p takes p/x, pp and pq/x.");

  RemoveCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("rm", "remove")
        .description("Removes blobs, what directories hold, or containers, by URL or mapped path.");
  }

  @Override
  boolean recursive() {
    return recursive.get();
  }

  @Override
  boolean prefix() {
    return prefix.get();
  }
}
