package io.azcp.cli;

import io.azcp.base.UsageException;
import io.azcp.transfer.engine.TransferOptions;

/** Moves between this machine and the service, and within the service. */
final class MoveCommand extends TransferCommand {
  MoveCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("mv", "move")
        .description(
            "Moves files to blobs, blobs to files, or blobs to blobs.",
            "Each is removed where it came from once it is whole at its destination; local directories"
                + " that this empties, too.");
  }

  @Override
  void refine(TransferOptions.Builder options, Route<?> route) throws UsageException {
    checkSource(true, "mv", route);
    options.deleteSource(true);
  }
}
