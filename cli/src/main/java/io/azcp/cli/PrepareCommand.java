package io.azcp.cli;

import io.azcp.base.HumanText;
import io.azcp.base.posix.Files;
import io.azcp.fs.mount.PathRequests.Prepared;
import io.azcp.prefetch.PrepareResult;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fetches files into the cache before they are read. */
@CommandLine.Command(
    name = "prepare",
    aliases = {"download", "d"},
    description = {
      "Fetches files into the cache before they are read, with or without a mount.",
      "PATH is a file, a directory with all below it, or a quoted pattern: * and ? cross no slash,",
      "** does; [abc] and {a,b} choose."
    })
final class PrepareCommand extends PathCommand {
  @Parameters(arity = "1..*", paramLabel = "PATH", description = "What to fetch.")
  List<String> paths;

  @Option(
      names = "--pin",
      description = "Keep them in the cache, whatever else needs room, until 'azcp unpin PATH'.")
  boolean pin;

  PrepareCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  public Integer call() throws Exception {
    long start = System.nanoTime();
    Prepared prepared;
    try (var line = new StatusLine(invocation)) {
      prepared =
          requests()
              .prepare(
                  paths,
                  pin,
                  (files, bytes, filesKnown, bytesKnown) ->
                      line.show(
                          files
                              + "/"
                              + filesKnown
                              + " files "
                              + HumanText.bytes(bytes)
                              + "/"
                              + HumanText.bytes(bytesKnown)));
    }
    int code = unmapped(prepared.unmapped());
    if (prepared.unmapped().size() == paths.size()) {
      return code;
    }
    print(prepared.result(), Duration.ofNanos(System.nanoTime() - start));
    return prepared.result().filesFailed() > 0 ? ExitCode.FAILED : code;
  }

  /** A plain local file is there already, if it is there at all. */
  private int unmapped(List<String> unmapped) {
    int code = ExitCode.DONE;
    for (String path : unmapped) {
      if (Files.exists(environment().absolute(path))) {
        out().println("Nothing to do: " + path + " is a plain local file, no rule has it");
      } else {
        complain("there is no file " + path + ", and no rule and no mount has it");
        code = ExitCode.FAILED;
      }
    }
    return code;
  }

  private void print(PrepareResult r, Duration time) {
    if (r.files() > 0) {
      out()
          .println(
              "Prepared: "
                  + HumanText.count(r.files(), "file")
                  + ", "
                  + HumanText.bytes(r.bytes())
                  + " in "
                  + HumanText.tenths(time)
                  + " = "
                  + HumanText.gbps(r.bytes(), time));
    } else if (r.filesFailed() == 0) {
      out().println("Nothing to do: all is in the cache");
    }
    if (r.filesThere() > 0) {
      out()
          .println(
              "  There already: "
                  + HumanText.count(r.filesThere(), "file")
                  + ", "
                  + HumanText.bytes(r.bytesThere()));
    }
    if (r.filesSkipped() > 0) {
      out().println("  Skipped (no path can name them): " + r.filesSkipped());
    }
    if (r.filesFailed() > 0) {
      out().println("  Failed: " + r.filesFailed());
      r.failures().forEach(f -> complain(f.message()));
    }
  }
}
