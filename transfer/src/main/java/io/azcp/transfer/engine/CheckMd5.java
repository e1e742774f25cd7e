package io.azcp.transfer.engine;

/** What a download does with the MD5 stored with a blob ({@code --check-md5}). */
public enum CheckMd5 {
  /**
   * Checks what comes whole in one answer that carries an MD5: the bytes are at hand, and a whole
   * MD5 of a large blob costs more than its transfer.
   */
  AUTO,
  /** Never looks. */
  NO_CHECK,
  /** Computes one of every file; a difference is a warning. */
  LOG_ONLY,
  /** Computes one of every file; a difference fails it. */
  FAIL_IF_DIFFERENT,
  /** The same, and a blob without a stored MD5 fails too. */
  FAIL_IF_DIFFERENT_OR_MISSING
}
