package io.azcp.cli;

import io.azcp.base.ByteSize;
import io.azcp.base.UsageException;

/** How much of a file is printed. */
final class PartFlags extends Flags {
  private static final long DEFAULT_LINES = 10;

  private final Value<Long> lines =
      arguments.value(Long.class, "-n", "--lines").label("N").says("So many lines (default 10).");

  private final Value<String> bytes =
      arguments.value(String.class, "--bytes").label("SIZE").says("So many bytes instead.");

  PartFlags(Arguments arguments) {
    super(arguments);
  }

  boolean inBytes() {
    return bytes.get() != null;
  }

  /** Lines or bytes. */
  long count() throws UsageException {
    if (bytes.get() != null) {
      if (lines.get() != null) {
        throw new UsageException("--lines and --bytes contradict each other");
      }
      return ByteSize.parse(bytes.get()).bytes();
    }
    if (lines.get() != null && lines.get() < 0) {
      throw new UsageException("--lines cannot be negative");
    }
    return lines.get() == null ? DEFAULT_LINES : lines.get();
  }
}
