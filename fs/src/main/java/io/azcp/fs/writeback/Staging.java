package io.azcp.fs.writeback;

/**
 * The journaled facts about the local content of an {@link Entry}. Guarded by the ledger's lock.
 */
final class Staging {
  /** Absolute path of the staging file. */
  volatile String path;

  /** A copy on the disk of a file in memory that was sent, for the cache; null for none. */
  String copy;

  /** Where a dead session had it, until it is at {@link #path}; null for nowhere else. */
  String origin;

  /** Target of a symbolic link, null for a regular file. */
  final String linkTarget;

  /** Whether the content replaces the blob as a whole, so that an older blob may be overwritten. */
  boolean whole;

  /** O_EXCL: nothing may be overwritten. */
  boolean exclusive;

  /** The content that was acknowledged last; null before the first FLUSH. */
  Stamp acknowledged;

  /** The content known to be on stable storage; null for none. */
  Stamp durable;

  /** The content that the service has as {@link Entry#version}; null when it has none of it. */
  Stamp original;

  /** Whether attributes other than the time changed since {@link #original}. */
  boolean reattributed;

  /** When the content was closed, for "the later close wins". */
  long closedMillis;

  /** A commit that was sent and whose outcome is not known; null for none. */
  Attempt attempt;

  Staging(String path, String linkTarget) {
    this.path = path;
    this.linkTarget = linkTarget;
  }

  /** The path as the journal has it: below the folder of all sessions, or in memory. */
  static String relative(String path) {
    return path == null || MemoryStaging.holds(path)
        ? path
        : path.substring(path.lastIndexOf('/', path.lastIndexOf('/') - 1) + 1);
  }

  /** A commit of some content under an operation id, sent to a name. */
  record Attempt(String operationId, String name, Stamp content) {}
}
