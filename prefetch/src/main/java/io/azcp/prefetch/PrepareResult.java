package io.azcp.prefetch;

import io.azcp.base.Errno;
import java.util.List;

/**
 * What a preparation did.
 *
 * @param files files fetched
 * @param bytes bytes fetched
 * @param filesThere files that were there whole already
 * @param bytesThere their bytes
 * @param filesSkipped names that no path can hold, or that a directory of the same name hides
 * @param filesMissing files that are not whole, where nothing was to be fetched but told
 * @param bytesMissing what is missing of them
 * @param filesFailed files that could not be fetched
 * @param failures the first of them
 */
public record PrepareResult(
    long files,
    long bytes,
    long filesThere,
    long bytesThere,
    long filesSkipped,
    long filesMissing,
    long bytesMissing,
    long filesFailed,
    List<Failure> failures) {
  /** The most failures that are told by name. */
  public static final int FAILURES_TOLD = 100;

  /** Nothing at all. */
  public static final PrepareResult NOTHING = new PrepareResult(0, 0, 0, 0, 0, 0, 0, 0, List.of());

  /** Makes the list immutable. */
  public PrepareResult {
    failures = List.copyOf(failures);
  }

  /** Both together. */
  public PrepareResult plus(PrepareResult other) {
    var all = new java.util.ArrayList<>(failures);
    all.addAll(other.failures);
    return new PrepareResult(
        files + other.files,
        bytes + other.bytes,
        filesThere + other.filesThere,
        bytesThere + other.bytesThere,
        filesSkipped + other.filesSkipped,
        filesMissing + other.filesMissing,
        bytesMissing + other.bytesMissing,
        filesFailed + other.filesFailed,
        all.subList(0, Math.min(all.size(), FAILURES_TOLD)));
  }

  /** The same with its failures told otherwise. */
  public PrepareResult withFailures(List<Failure> told) {
    return new PrepareResult(
        files,
        bytes,
        filesThere,
        bytesThere,
        filesSkipped,
        filesMissing,
        bytesMissing,
        filesFailed,
        told);
  }

  /**
   * A file that could not be fetched.
   *
   * @param name relative to the rule
   * @param errno what a read of it would fail with
   * @param message why, in one sentence
   */
  public record Failure(String name, Errno errno, String message) {}
}
