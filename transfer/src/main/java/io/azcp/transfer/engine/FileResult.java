package io.azcp.transfer.engine;

/**
 * What became of one file of a job.
 *
 * @param name relative to the source, or of the blob
 * @param status how it ended
 * @param bytes its length, 0 where it is not known
 * @param error the sentence that tells why it failed, or empty
 */
public record FileResult(String name, Status status, long bytes, String error) {
  /** How a file ended. */
  public enum Status {
    /** It is whole at its destination. */
    DONE,
    /** It was left alone on purpose. */
    SKIPPED,
    /** It failed. */
    FAILED,
    /** It was removed. */
    DELETED
  }
}
