package io.azcp.prefetch;

import io.azcp.base.AzcpException;
import io.azcp.prefetch.PrepareResult.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a preparation has done so far. Touched by its loop alone. */
final class Tally {
  private final List<Failure> failures = new ArrayList<>();
  private long files;
  private long bytes;
  private long filesThere;
  private long bytesThere;
  private long filesSkipped;
  private long filesMissing;
  private long bytesMissing;
  private long filesFailed;
  private long filesKnown;
  private long bytesKnown;
  private long steps;

  /** A file turned out to be missing, or a name that was announced as one is not looked up yet. */
  void known(long count, long length) {
    steps++;
    filesKnown += count;
    bytesKnown += length;
  }

  void fetched(long length) {
    steps++;
    files++;
    bytes += length;
  }

  void there(long length) {
    steps++;
    filesThere++;
    bytesThere += length;
  }

  /** A check found a file that is not whole. */
  void missing(long length, long present) {
    steps++;
    filesMissing++;
    bytesMissing += length - present;
    bytesThere += present;
  }

  void skipped(long count) {
    steps++;
    filesSkipped += count;
  }

  void failed(String name, IOException reason) {
    steps++;
    filesFailed++;
    if (failures.size() < PrepareResult.FAILURES_TOLD) {
      failures.add(new Failure(name, AzcpException.errnoOf(reason), reason.getMessage()));
    }
  }

  long files() {
    return files;
  }

  long bytes() {
    return bytes;
  }

  long filesKnown() {
    return filesKnown;
  }

  long bytesKnown() {
    return bytesKnown;
  }

  /** How often anything was found out or done. */
  long steps() {
    return steps;
  }

  PrepareResult result() {
    return new PrepareResult(
        files,
        bytes,
        filesThere,
        bytesThere,
        filesSkipped,
        filesMissing,
        bytesMissing,
        filesFailed,
        failures);
  }
}
