package io.azcp.config;

import io.azcp.base.UsageException;

/**
 * A configuration that cannot be meant. The message starts with the place, {@code FILE:LINE:} where
 * there is a line, and names the key and what is allowed. Exit code 2.
 */
public final class ConfigException extends UsageException {
  private final String file;
  private final int line;

  /**
   * A fault in a file.
   *
   * @param file the file as the user knows it
   * @param line its line, from 1; 0 where the file as a whole is meant
   */
  public ConfigException(String file, int line, String problem) {
    super((line > 0 ? file + ":" + line : file) + ": " + problem);
    this.file = file;
    this.line = line;
  }

  /** The file, or the variable, that holds the fault. */
  public String file() {
    return file;
  }

  /** The line from 1; 0 where there is none. */
  public int line() {
    return line;
  }
}
