package io.azcp.cli;

import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.blob.ContainerItem;
import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.engine.BlobListing;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists containers and blobs. */
@CommandLine.Command(
    name = "ls",
    aliases = "list",
    description = "Lists the containers of an account, or the blobs of a container or directory.")
final class ListCommand extends Command {
  @Option(
      names = {"-r", "--recursive"},
      description = "List all blobs below, not only the directory itself.")
  private boolean recursive;

  @Option(
      names = "--machine-readable",
      description = "Name, size in bytes and time of last change, with tabs between.")
  private boolean machineReadable;

  @Parameters(paramLabel = "URL", description = "An account, a container, a directory or a blob.")
  private String target;

  ListCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  public Integer call() throws IOException {
    BlobUrl url = Location.url(target, invocation, global);
    ListingPrinter printer =
        machineReadable
            ? ListingPrinter.machineReadable(invocation)
            : ListingPrinter.human(invocation);
    try (OpenedService opened = Services.open(url, invocation, global, false)) {
      if (url.container().isEmpty()) {
        containers(opened.service().listContainers(), printer);
      } else {
        blobs(opened.service(), url, printer);
      }
    }
    return ExitCode.DONE;
  }

  private static void containers(List<ContainerItem> containers, ListingPrinter printer) {
    for (ContainerItem container : containers) {
      printer.container(container.name(), container.lastModified());
    }
    printer.containersEnd(containers.size());
  }

  private void blobs(BlobService service, BlobUrl url, ListingPrinter printer) throws IOException {
    BlobListing.Totals totals =
        BlobListing.list(service, url.container(), url.name(), recursive, printer);
    printer.blobsEnd(totals);
  }
}
