package io.azcp.cli;

import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Removes blobs, directories and containers. */
@CommandLine.Command(
    name = "rm",
    aliases = "remove",
    description = "Removes blobs, what directories hold, or containers, by URL or mapped path.")
final class RemoveCommand extends RemovalCommand {
  @Option(
      names = {"-r", "--recursive"},
      description = "Remove what is below a directory, or a whole container.")
  private boolean recursive;

  @Option(
      names = "--prefix",
      description = "Remove all whose names start so: p takes p/x, pp and pq/x.")
  private boolean prefix;

  RemoveCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  boolean recursive() {
    return recursive;
  }

  @Override
  boolean prefix() {
    return prefix;
  }
}
