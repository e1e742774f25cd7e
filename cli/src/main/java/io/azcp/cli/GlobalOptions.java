package io.azcp.cli;

import io.azcp.base.MemoryBudget;
import io.azcp.base.UsageException;
import io.azcp.transfer.engine.LocalPaths;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ScopeType;

/** The options every command takes, before or after its name. */
public final class GlobalOptions extends Flags {
  final Value<LogLevel> logLevel =
      arguments
          .words(LogLevel.class, new Words.ForLogLevel(), "--log-level")
          .label("LEVEL")
          .orElse(LogLevel.WARN)
          .says("What is logged to stderr: ${COMPLETION-CANDIDATES} (default warn).");

  final Value<OutputType> outputType =
      arguments
          .words(OutputType.class, new Words.ForOutputType(), "--output-type")
          .label("WORD")
          .orElse(OutputType.TEXT)
          .says("The form of results: ${COMPLETION-CANDIDATES} (one object a line).");

  final Value<String> report =
      arguments
          .text("--report")
          .label("FILE")
          .says("Write one JSON line for each file of a transfer.");

  final Value<String> jobDir =
      arguments
          .text("--job-dir")
          .label("DIR")
          .says("Where lists of files too long for memory are kept meanwhile (default TMPDIR).");

  final Value<String> memory =
      arguments
          .text("--memory")
          .label("SIZE")
          .says(
              "What the program may take of memory in all, at least 128MiB (default: what the control"
                  + " group allows; AZCOPY_BUFFER_GB).");

  final Value<String> endpoint =
      arguments
          .text("--endpoint")
          .label("URL")
          .says("The service's address where it is not https://ACCOUNT.blob.core.windows.net.");

  final Value<String> caFile =
      arguments
          .text("--ca-file")
          .label("FILE")
          .says("Certificates (PEM) trusted instead of the system's.");

  final Value<Integer> maxRetries =
      arguments
          .value(Integer.class, "--max-retries")
          .label("N")
          .says("How often a failed request is repeated (default 5; AZCP_MAX_RETRIES).");

  final Value<String> timeout =
      arguments
          .text("--timeout")
          .label("DURATION")
          .says("How long one request may take, as 30s or 2m.");

  GlobalOptions() {
    super(withHelp());
  }

  private static Arguments withHelp() {
    Arguments arguments = Arguments.inherited(CommandSpec.create());
    arguments.add(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Show this help message and exit.")
            .scopeType(ScopeType.INHERIT)
            .build());
    arguments.add(
        OptionSpec.builder("-V", "--version")
            .versionHelp(true)
            .description("Print version information and exit.")
            .scopeType(ScopeType.INHERIT)
            .build());
    return arguments;
  }

  /** Whether results are objects for programs. */
  boolean json() {
    return outputType.get() == OutputType.JSON;
  }

  /** Refuses too little memory. What there is was divided when the program was started. */
  void checkMemory(Map<String, String> environment) throws UsageException {
    String gigabytes = environment.getOrDefault("AZCOPY_BUFFER_GB", "").strip();
    if (!memory.get().isEmpty()) {
      MemoryBudget.parse(memory.get());
    } else if (!gigabytes.isEmpty()) {
      MemoryBudget.parse(gigabytes + "GiB");
    }
  }

  /** Where files without a name are made for what is too long for memory. */
  Path folder(Invocation invocation) {
    String named = jobDir.get().isEmpty() ? invocation.variable("TMPDIR") : jobDir.get();
    String chosen = named.isEmpty() ? System.getProperty("java.io.tmpdir") : named;
    return LocalPaths.of(invocation.directory(), chosen);
  }
}
