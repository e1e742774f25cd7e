package io.azcp.cli;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.UsageException;
import io.azcp.base.posix.Files;
import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.engine.NameFilter;
import io.azcp.transfer.engine.Outcome;
import io.azcp.transfer.engine.RemovalJob;
import io.azcp.transfer.engine.TransferOptions;
import io.azcp.transfer.engine.TransferStats;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A command that removes. */
abstract class RemovalCommand extends PlaceCommand {
  private final SelectionFlags selection = arguments.group("Which blobs", SelectionFlags::new);

  private final DisplayFlags display = arguments.group("What is shown", DisplayFlags::new);

  private final Value<List<String>> targets =
      arguments.parameters(1, "PATH|URL", "A file, a blob, a directory or a container.");

  RemovalCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  /** Whether what is below a directory goes, too. */
  abstract boolean recursive();

  /** Whether all goes whose name starts so. */
  boolean prefix() {
    return false;
  }

  @Override
  public final Integer call() throws IOException {
    int code = ExitCode.DONE;
    for (String target : targets.get()) {
      try {
        code = Math.max(code, remove(target));
      } catch (UsageException e) {
        throw e;
      } catch (AzcpException e) {
        if (targets.get().size() == 1) {
          throw e;
        }
        complain(e.getMessage());
        code = ExitCode.FAILED;
      }
    }
    return code;
  }

  private int remove(String target) throws IOException {
    BlobPlace found = place(target, false).orElse(null);
    if (found == null) {
      return removeFile(target);
    }
    try (BlobPlace place = found) {
      if (place.name().isEmpty() && !(recursive() || prefix())) {
        throw new UsageException(
            "'" + target + "' is a container; add -r to remove it with all it holds");
      }
      TransferOptions options =
          TransferOptions.builder()
              .recursive(recursive())
              .prefix(prefix())
              .dryRun(display.dryRun())
              .filter(selection.filter())
              .build();
      boolean container =
          place.mapped() == null
              && place.name().isEmpty()
              && !prefix()
              && !options.dryRun()
              && options.filter() == NameFilter.ALL;
      if (container) {
        return removeContainer(place);
      }
      if (options.dryRun()) {
        return removeBlobs(place, options);
      }
      settle(target, place);
      try {
        return removeBlobs(place, options);
      } finally {
        gone(target, place);
      }
    }
  }

  /** One that no rule has, as azfuse does; a directory is the shell's to remove. */
  private int removeFile(String target) throws IOException {
    String path = environment().absolute(target);
    if (Files.exists(path) && Files.lstat(path).isDirectory()) {
      throw new AzcpException(
          Errno.EISDIR,
          target + " is a plain local directory that no rule has; rm -r of the shell removes it");
    }
    if (display.dryRun()) {
      out().println("[dry-run] would delete: " + target);
    } else if (Files.unlinkIfExists(path)) {
      out().println("Deleted: " + target);
    } else {
      throw new AzcpException(Errno.ENOENT, "there is no file " + target);
    }
    return ExitCode.DONE;
  }

  private int removeContainer(BlobPlace place) throws IOException {
    place.opened().service().deleteContainer(place.container());
    if (global.json()) {
      object(Map.of("type", "container", "name", place.container(), "status", "deleted"));
    } else {
      out().println("Deleted container: " + place.container());
    }
    return ExitCode.DONE;
  }

  private int removeBlobs(BlobPlace place, TransferOptions options) throws IOException {
    OpenedService opened = place.opened();
    var console = new TransferConsole(invocation, global, out(), "[dry-run] would delete: ");
    var job = new RemovalJob(opened.service(), options, console, place.container(), place.name());
    return new JobRun(invocation, global, job, List.of(opened), console)
        .run(
            display.progress(invocation),
            "run the same command again to remove the rest",
            outcome -> summary(place, options, job.stats(), outcome));
  }

  private void summary(
      BlobPlace place, TransferOptions options, TransferStats stats, Outcome outcome) {
    if (global.json()) {
      TransferSummary.json(out(), "delete", stats, place.opened().retries(), outcome != null);
    } else if (options.dryRun()) {
      out().println(stats.plannedFiles() + " blob(s) would be deleted");
    } else if (outcome == null || !outcome.isSingle()) {
      out().println(stats.files() + " blob(s) deleted, " + stats.failed() + " failed");
    } else if (stats.failed() == 0) {
      out().println("Deleted: " + place.container() + "/" + outcome.single());
    }
  }
}
