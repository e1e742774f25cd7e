package io.azcp.cli;

import io.azcp.base.UsageException;
import io.azcp.transfer.engine.TransferOptions;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Copies between this machine and the service, and within the service. */
@CommandLine.Command(
    name = "copy",
    aliases = "cp",
    description = "Copies files to blobs, blobs to files, or blobs to blobs.")
final class CopyCommand extends TransferCommand {
  @Option(
      names = "--delete-source",
      description = "Remove each file where it came from once it is copied, as mv does.")
  private boolean deleteSource;

  CopyCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  void refine(TransferOptions.Builder options, Route<?> route) throws UsageException {
    checkSource(deleteSource, "--delete-source", route);
    options.deleteSource(deleteSource);
  }
}
