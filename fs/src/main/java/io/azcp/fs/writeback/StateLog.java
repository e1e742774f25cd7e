package io.azcp.fs.writeback;

import io.azcp.cache.journal.JournalRecord;
import java.io.IOException;
import java.util.List;

/** Where rows of state are kept. Thread-safe. */
interface StateLog {
  /** Appends the rows, all or none after a crash of this process; not synced. */
  void append(List<JournalRecord> rows) throws IOException;

  /** Puts everything appended so far, and the folder, on stable storage. */
  void sync() throws IOException;

  /** Bytes appended since the last {@link #compact}. */
  long grown();

  /** Replaces all rows by these, atomically. */
  void compact(List<JournalRecord> rows) throws IOException;
}
