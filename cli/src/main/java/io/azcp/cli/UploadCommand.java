package io.azcp.cli;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.UsageException;
import io.azcp.base.posix.Files;
import io.azcp.config.Environment;
import io.azcp.config.MappingLoader;
import io.azcp.config.MappingPaths;
import io.azcp.config.MappingPaths.Place;
import io.azcp.fs.mount.LooseFiles;
import io.azcp.fs.mount.MappedPlace;
import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.engine.FileResult;
import io.azcp.transfer.engine.Job;
import io.azcp.transfer.engine.LocalPaths;
import io.azcp.transfer.engine.Overwrite;
import io.azcp.transfer.engine.ServerCopyJob;
import io.azcp.transfer.engine.TransferOptions;
import io.azcp.transfer.engine.UploadJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Brings to the service what is only here, or what another mapping has. */
final class UploadCommand extends PlaceCommand {
  private final Value<List<String>> paths =
      arguments.parameters(1, "PATH", "A file or a directory.");

  private final Value<String> from =
      arguments
          .value(String.class, "-f", "--from")
          .label("CONFIG")
          .says(
              "A file of rules, or NAME for aux_data/azfuse/NAME.yaml: copy from where these have the"
                  + " same path; what is there and not older stays.");

  private final DisplayFlags display = arguments.group("What is shown", DisplayFlags::new);

  UploadCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("upload", "u")
        .description(
            "Uploads what was written below a mount and is pending, and files that other programs put",
            "into the cache folder by hand. With --from the service copies it from where another",
            "mapping has it.");
  }

  @Override
  public Integer call() throws IOException {
    int code = ExitCode.DONE;
    for (String path : paths.get()) {
      try (BlobPlace place =
          place(path, true)
              .orElseThrow(
                  () ->
                      new AzcpException(
                          Errno.EINVAL,
                          path + " is a plain local file: no rule and no mount has it"))) {
        if (place.mapped() == null) {
          throw new UsageException("'" + path + "' is a URL; azcp copy copies to those");
        }
        code = Math.max(code, from.get() == null ? fromCache(path, place) : fromOther(path, place));
      }
    }
    return code;
  }

  private int fromCache(String path, BlobPlace place) throws IOException {
    if (display.dryRun()) {
      complain(path + ": what is pending below a mount is not told; azcp status tells it");
    } else {
      settle(path, place);
    }
    try (LooseFiles loose = requests().looseFiles(place.mapped())) {
      String source = loose.path();
      boolean directory = Files.exists(source) && Files.stat(source).isDirectory();
      if (!directory && (!Files.exists(source) || !loose.isLoose(""))) {
        // What is pending has been sent, and what is cached came from the service.
        place.opened().service().head(place.container(), place.name());
        told(place, "unchanged", "Nothing to do: " + path + " is in the service");
        return ExitCode.DONE;
      }
      TransferOptions options =
          options()
              .recursive(directory)
              .putMd5(true)
              .filter((name, time) -> !directory || loose.isLoose(name))
              .build();
      var console = new TransferConsole(invocation, global, out(), "  [dry-run] would upload: ");
      console.alsoTell(result -> uploaded(loose, directory, result));
      Job job =
          new UploadJob(
              place.opened().service(),
              options,
              console,
              LocalPaths.of(Path.of("/"), source),
              place.container(),
              place.name());
      return run(path, place, List.of(place.opened()), Direction.UPLOAD, job, console, options);
    }
  }

  /** What is in its place in the cache need not be fetched again. */
  private void uploaded(LooseFiles loose, boolean directory, FileResult result) {
    if (result.status() == FileResult.Status.DONE) {
      try {
        loose.uploaded(directory ? result.name() : "");
      } catch (IOException e) {
        complain(result.name() + " is uploaded and will be fetched again: " + e.getMessage());
      }
    }
  }

  private int fromOther(String path, BlobPlace place) throws IOException {
    settle(path, place);
    MappedPlace there = otherPlace(path);
    boolean one = place.mapped().rule().account().isSameAccess(there.rule().account());
    try (BlobPlace other = one ? null : place(there, true)) {
      OpenedService source = one ? place.opened() : other.opened();
      TransferOptions options =
          options().recursive(true).overwrite(Overwrite.IF_SOURCE_NEWER).build();
      var console = new TransferConsole(invocation, global, out(), "  [dry-run] would copy: ");
      Job job =
          new ServerCopyJob(
              source.service(),
              new ServerCopyJob.Place(there.container(), there.blobName()),
              place.opened().service(),
              new ServerCopyJob.Place(place.container(), place.name()),
              options,
              console);
      List<OpenedService> services = List.of(source, place.opened());
      return run(path, place, services, Direction.COPY, job, console, options);
    }
  }

  /** Where the other mapping has the same path. */
  private MappedPlace otherPlace(String path) throws IOException {
    Environment environment = environment();
    boolean file = Files.exists(environment.absolute(from.get()));
    var mapping =
        MappingLoader.load(
            Optional.of(file ? from.get() : MappingOption.named(from.get())), environment);
    Place other = new MappingPaths(environment, Optional.of(mapping), List.of()).resolve(path);
    if (!(other instanceof Place.Mapped mapped)) {
      throw new UsageException("no rule of " + mapping.file() + " has " + path);
    }
    return new MappedPlace(mapped.rule(), mapped.relative(), false, "");
  }

  private TransferOptions.Builder options() {
    return TransferOptions.builder().dryRun(display.dryRun()).folder(global.folder(invocation));
  }

  private int run(
      String path,
      BlobPlace place,
      List<OpenedService> services,
      Direction direction,
      Job job,
      TransferConsole console,
      TransferOptions options)
      throws IOException {
    try {
      return new JobRun(invocation, global, job, services, console)
          .run(
              display.progress(invocation),
              "run the same command again to go on",
              outcome -> {
                if (global.json()) {
                  TransferSummary.json(
                      out(),
                      direction.verb(),
                      job.stats(),
                      place.opened().retries(),
                      outcome != null);
                } else if (!options.dryRun()) {
                  TransferSummary.text(
                      out(), direction, job.stats(), place.opened().retries(), outcome);
                }
              });
    } finally {
      changed(path, place);
    }
  }
}
