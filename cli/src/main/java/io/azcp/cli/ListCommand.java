package io.azcp.cli;

import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.blob.ContainerItem;
import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.engine.BlobListing;
import io.azcp.transfer.engine.LocalListing;
import io.azcp.transfer.engine.LocalPaths;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists containers, blobs and files. */
@CommandLine.Command(
    name = "ls",
    aliases = "list",
    description = {
      "Lists the containers of an account, the blobs of a container or directory, or the files of",
      "a local directory. Of a mapped path it tells the time of creation, the tier and the lease,",
      "too."
    })
final class ListCommand extends PlaceCommand {
  @Option(
      names = {"-r", "--recursive"},
      description = "List all files below, not only the directory itself.")
  private boolean recursive;

  @Option(
      names = "--machine-readable",
      description = "Name, size in bytes and time of last change, with tabs between.")
  private boolean machineReadable;

  @Parameters(
      paramLabel = "URL|PATH",
      description = "An account, a container, a directory, a blob or a file.")
  private String target;

  private boolean unreadable;

  ListCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  public Integer call() throws IOException {
    if (!BlobUrl.isUrl(target)) {
      Optional<BlobPlace> mapped = place(target, false);
      return mapped.isPresent()
          ? mapped(mapped.get())
          : files(LocalPaths.of(invocation.directory(), target), printer());
    }
    BlobUrl url = Location.url(target, invocation, global);
    try (OpenedService opened = Services.open(url, invocation, global, false)) {
      if (url.container().isEmpty()) {
        containers(opened.service().listContainers());
      } else {
        blobs(opened.service(), url);
      }
    }
    return ExitCode.DONE;
  }

  private int mapped(BlobPlace place) throws IOException {
    try (place) {
      var printer = MappedListing.of(invocation, global.json(), machineReadable, place.name());
      printer.end(
          BlobListing.listWithCreated(
              place.opened().service(), place.container(), place.name(), recursive, printer));
    }
    return ExitCode.DONE;
  }

  private int files(Path path, ListingPrinter printer) throws IOException {
    printer.end(LocalListing.list(path, recursive, printer, this::unreadable));
    return unreadable ? ExitCode.FAILED : ExitCode.DONE;
  }

  private ListingPrinter printer() {
    if (global.json()) {
      return ListingPrinter.json(invocation);
    }
    return machineReadable
        ? ListingPrinter.machineReadable(invocation)
        : ListingPrinter.human(invocation);
  }

  private void unreadable(String sentence) {
    unreadable = true;
    complain(sentence);
  }

  private void containers(List<ContainerItem> containers) {
    ListingPrinter printer = printer();
    for (ContainerItem container : containers) {
      printer.container(container.name(), container.lastModified());
    }
    printer.containersEnd(containers.size());
  }

  private void blobs(BlobService service, BlobUrl url) throws IOException {
    ListingPrinter printer = printer();
    printer.end(BlobListing.list(service, url.container(), url.name(), recursive, printer));
  }
}
