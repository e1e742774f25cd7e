package io.azcp.cli;

import io.azcp.base.HumanText;
import io.azcp.base.UsageException;
import io.azcp.transfer.engine.BlobListing;
import io.azcp.transfer.engine.BlobPages;
import io.azcp.transfer.engine.LocalListing;
import io.azcp.transfer.engine.LocalPaths;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Adds up what directories hold. */
final class DiskUsageCommand extends PlaceCommand {
  private final Value<Integer> depth =
      arguments
          .value(Integer.class, "-d", "--depth")
          .label("N")
          .orElse(0)
          .says("Show so many levels of directories below, too (default 0).");

  private final Value<Boolean> machineReadable =
      arguments.flag("--machine-readable").says("Bytes, files and name, with tabs between.");

  private final Value<String> target =
      arguments.parameter("URL|PATH", "A container, a directory, a blob or a file.");

  private boolean unreadable;

  DiskUsageCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("du")
        .description(
            "Adds up the files below a container, a directory, a mapped path or a local directory.");
  }

  @Override
  public Integer call() throws IOException {
    if (depth.get() < 0) {
      throw new UsageException("--depth cannot be negative");
    }
    BlobPlace place = place(target.get(), false).orElse(null);
    if (place == null) {
      var totals = new DirectoryTotals("", depth.get(), this::print);
      LocalListing.list(
          LocalPaths.of(invocation.directory(), target.get()), true, totals, this::unreadable);
      totals.end();
      return unreadable ? ExitCode.FAILED : ExitCode.DONE;
    }
    try (place) {
      var totals =
          new DirectoryTotals(BlobPages.directoryPrefix(place.name()), depth.get(), this::print);
      BlobListing.list(place.opened().service(), place.container(), place.name(), true, totals);
      totals.end();
    }
    return ExitCode.DONE;
  }

  private void unreadable(String sentence) {
    unreadable = true;
    complain(sentence);
  }

  private void print(String directory, long files, long bytes) {
    String name = directory.isEmpty() ? "total" : directory;
    if (global.json()) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("type", directory.isEmpty() ? "summary" : "directory");
      if (!directory.isEmpty()) {
        object.put("name", directory);
      }
      object.put("files", files);
      object.put("bytes", bytes);
      object(object);
    } else if (machineReadable.get()) {
      out().println(bytes + "\t" + files + "\t" + name);
    } else {
      String count = HumanText.count(files, "file");
      out()
          .println(
              String.format(Locale.ROOT, "  %12s %15s  %s", HumanText.bytes(bytes), count, name));
    }
  }
}
