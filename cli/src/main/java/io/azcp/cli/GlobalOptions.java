package io.azcp.cli;

import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options every command takes, before or after its name. */
public final class GlobalOptions {
  @Option(
      names = "--log-level",
      scope = ScopeType.INHERIT,
      paramLabel = "LEVEL",
      description = "What is logged to stderr: error, warn (default), info, debug.")
  LogLevel logLevel = LogLevel.WARN;

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
      description = "How often a failed request is repeated (default 5).")
  Integer maxRetries;

  @Option(
      names = "--timeout",
      scope = ScopeType.INHERIT,
      paramLabel = "DURATION",
      description = "How long one request may take, as 30s or 2m.")
  String timeout = "";

  GlobalOptions() {}
}
