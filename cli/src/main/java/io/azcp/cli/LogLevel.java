package io.azcp.cli;

import java.util.Locale;

/** How much is logged. The backend reads it from a system property when it starts. */
enum LogLevel {
  ERROR,
  WARN,
  INFO,
  DEBUG;

  /** Takes effect where nothing was logged before. */
  void apply() {
    System.setProperty("tinylog.writer.level", name().toLowerCase(Locale.ROOT));
  }
}
