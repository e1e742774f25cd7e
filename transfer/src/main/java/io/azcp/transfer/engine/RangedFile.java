package io.azcp.transfer.engine;

import java.io.IOException;
import java.util.zip.CRC32C;

/**
 * The temporary file of a blob that comes in ranges, some of them perhaps in an earlier run.
 * Closing one that was not published removes it, unless it is kept for a later run.
 */
final class RangedFile implements AutoCloseable {
  private final TemporaryFile file;
  private final RangeRecord record;

  /**
   * @param record which ranges it holds; null where nothing can be kept
   */
  RangedFile(TemporaryFile file, RangeRecord record) {
    this.file = file;
    this.record = record;
  }

  TemporaryFile file() {
    return file;
  }

  /** Whether an earlier run has brought a range. */
  boolean holds(int index) throws IOException {
    return record != null && record.holds(index);
  }

  /** A range was written. */
  void arrived(int index, CRC32C sum) throws IOException {
    if (record != null) {
      record.add(index, sum);
    }
  }

  /** All ranges are there. */
  void complete() throws IOException {
    if (record != null) {
      record.remove();
    }
  }

  /** Leaves what is there for a later run; gives its bytes, 0 where there is nothing to leave. */
  long keep() {
    long bytes = record == null ? 0 : record.bytes();
    if (bytes > 0) {
      file.keep();
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    try (file) {
      if (record != null) {
        record.close();
      }
    }
  }
}
