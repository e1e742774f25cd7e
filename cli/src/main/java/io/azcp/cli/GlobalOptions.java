package io.azcp.cli;

import io.azcp.base.MemoryBudget;
import io.azcp.base.UsageException;
import io.azcp.transfer.engine.LocalPaths;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options every command takes, before or after its name. */
public final class GlobalOptions {
  @Option(
      names = "--log-level",
      scope = ScopeType.INHERIT,
      paramLabel = "LEVEL",
      converter = Words.ForLogLevel.class,
      completionCandidates = Words.ForLogLevel.class,
      description = "What is logged to stderr: ${COMPLETION-CANDIDATES} (default warn).")
  LogLevel logLevel = LogLevel.WARN;

  @Option(
      names = "--output-type",
      scope = ScopeType.INHERIT,
      paramLabel = "WORD",
      converter = Words.ForOutputType.class,
      completionCandidates = Words.ForOutputType.class,
      description = "The form of results: ${COMPLETION-CANDIDATES} (one object a line).")
  OutputType outputType = OutputType.TEXT;

  @Option(
      names = "--report",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description = "Write one JSON line for each file of a transfer.")
  String report = "";

  @Option(
      names = "--job-dir",
      scope = ScopeType.INHERIT,
      paramLabel = "DIR",
      description = "Where lists of files too long for memory are kept meanwhile (default TMPDIR).")
  String jobDir = "";

  @Option(
      names = "--memory",
      scope = ScopeType.INHERIT,
      paramLabel = "SIZE",
      description =
          "What the program may take of memory in all, at least 128MiB (default: what the control"
              + " group allows; AZCOPY_BUFFER_GB).")
  String memory = "";

  @Option(
      names = "--endpoint",
      scope = ScopeType.INHERIT,
      paramLabel = "URL",
      description = "The service's address where it is not https://ACCOUNT.blob.core.windows.net.")
  String endpoint = "";

  @Option(
      names = "--ca-file",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description = "Certificates (PEM) trusted instead of the system's.")
  String caFile = "";

  @Option(
      names = "--max-retries",
      scope = ScopeType.INHERIT,
      paramLabel = "N",
      description = "How often a failed request is repeated (default 5; AZCP_MAX_RETRIES).")
  Integer maxRetries;

  @Option(
      names = "--timeout",
      scope = ScopeType.INHERIT,
      paramLabel = "DURATION",
      description = "How long one request may take, as 30s or 2m.")
  String timeout = "";

  GlobalOptions() {}

  /** Whether results are objects for programs. */
  boolean json() {
    return outputType == OutputType.JSON;
  }

  /** Refuses too little memory. What there is was divided when the program was started. */
  void checkMemory(Map<String, String> environment) throws UsageException {
    String gigabytes = environment.getOrDefault("AZCOPY_BUFFER_GB", "").strip();
    if (!memory.isEmpty()) {
      MemoryBudget.parse(memory);
    } else if (!gigabytes.isEmpty()) {
      MemoryBudget.parse(gigabytes + "GiB");
    }
  }

  /** Where files without a name are made for what is too long for memory. */
  Path folder(Invocation invocation) {
    String named = jobDir.isEmpty() ? invocation.variable("TMPDIR") : jobDir;
    String chosen = named.isEmpty() ? System.getProperty("java.io.tmpdir") : named;
    return LocalPaths.of(invocation.directory(), chosen);
  }
}
