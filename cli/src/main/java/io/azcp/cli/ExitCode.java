package io.azcp.cli;

/** What the process tells its caller. On a signal the JVM itself ends with 128 + its number. */
final class ExitCode {
  /** Done; things skipped included. */
  static final int DONE = 0;

  /** Something failed, was not there, or nothing matched. */
  static final int FAILED = 1;

  /** The command line or the configuration is wrong. */
  static final int USAGE = 2;

  private ExitCode() {}
}
