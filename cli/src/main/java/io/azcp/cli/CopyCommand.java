package io.azcp.cli;

import picocli.CommandLine;

/** Copies between this machine and the service, and within the service. */
@CommandLine.Command(
    name = "copy",
    aliases = "cp",
    description = "Copies files to blobs, blobs to files, or blobs to blobs.")
final class CopyCommand extends TransferCommand {
  CopyCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }
}
