package io.azcp.cli;

import io.azcp.base.UsageException;
import io.azcp.transfer.engine.TransferOptions;

/** Copies between this machine and the service, and within the service. */
final class CopyCommand extends TransferCommand {
  private final Value<Boolean> deleteSource =
      arguments
          .flag("--delete-source")
          .says("Remove each file where it came from once it is copied, as mv does.");

  CopyCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("copy", "cp").description("Copies files to blobs, blobs to files, or blobs to blobs.");
  }

  @Override
  void refine(TransferOptions.Builder options, Route<?> route) throws UsageException {
    checkSource(deleteSource.get(), "--delete-source", route);
    options.deleteSource(deleteSource.get());
  }
}
