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

/** Lists containers, blobs and files. */
final class ListCommand extends PlaceCommand {
  private final Value<Boolean> recursive =
      arguments
          .flag("-r", "--recursive")
          .says("List all files below, not only the directory itself.");

  private final Value<Boolean> machineReadable =
      arguments
          .flag("--machine-readable")
          .says("Name, size in bytes and time of last change, with tabs between.");

  private final Value<String> target =
      arguments.parameter("URL|PATH", "An account, a container, a directory, a blob or a file.");

  private boolean unreadable;

  ListCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("ls", "list")
        .description(
            "Lists the containers of an account, the blobs of a container or directory, or the files of",
            "a local directory. Of a mapped path it tells the time of creation, the tier and the lease,",
            "too.");
  }

  @Override
  public Integer call() throws IOException {
    if (!BlobUrl.isUrl(target.get())) {
      Optional<BlobPlace> mapped = place(target.get(), false);
      return mapped.isPresent()
          ? mapped(mapped.get())
          : files(LocalPaths.of(invocation.directory(), target.get()), printer());
    }
    BlobUrl url = Location.url(target.get(), invocation, global);
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
      var printer =
          MappedListing.of(invocation, global.json(), machineReadable.get(), place.name());
      printer.end(
          BlobListing.listWithCreated(
              place.opened().service(), place.container(), place.name(), recursive.get(), printer));
    }
    return ExitCode.DONE;
  }

  private int files(Path path, ListingPrinter printer) throws IOException {
    printer.end(LocalListing.list(path, recursive.get(), printer, this::unreadable));
    return unreadable ? ExitCode.FAILED : ExitCode.DONE;
  }

  private ListingPrinter printer() {
    if (global.json()) {
      return ListingPrinter.json(invocation);
    }
    return machineReadable.get()
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
    printer.end(BlobListing.list(service, url.container(), url.name(), recursive.get(), printer));
  }
}
