package io.azcp.cache;

/**
 * The bytes of a data file, far beyond any content, whose locks mean something; ranges of content
 * are locked at their own offsets by whoever fetches them.
 */
final class LockBytes {
  /** Shared by everyone who has the file open; exclusive while a partial file is deleted. */
  static final long IN_USE = 1L << 61;

  /** Shared by processes that fetch a range claimed by a process that makes no progress. */
  static final long OVERRIDE = IN_USE + 1;

  private LockBytes() {}
}
