package io.azcp.cli;

import io.azcp.base.ByteSize;
import io.azcp.base.UsageException;
import picocli.CommandLine.Option;

/** How much of a file is printed. */
final class PartFlags {
  private static final long DEFAULT_LINES = 10;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      description = "So many lines (default 10).")
  private Long lines;

  @Option(names = "--bytes", paramLabel = "SIZE", description = "So many bytes instead.")
  private String bytes;

  boolean inBytes() {
    return bytes != null;
  }

  /** Lines or bytes. */
  long count() throws UsageException {
    if (bytes != null) {
      if (lines != null) {
        throw new UsageException("--lines and --bytes contradict each other");
      }
      return ByteSize.parse(bytes).bytes();
    }
    if (lines != null && lines < 0) {
      throw new UsageException("--lines cannot be negative");
    }
    return lines == null ? DEFAULT_LINES : lines;
  }
}
