package io.azcp.fs.writeback;

import io.azcp.cache.journal.JournalRecord;
import java.io.IOException;
import java.util.List;

/** One mount's folder of staging files and its journal, under a lock held for life. */
interface Session extends AutoCloseable {
  /** Its name among the sessions of a cache folder; later ones sort behind. */
  String name();

  /** Where its staging files are, absolute. */
  String folder();

  /** The staging files in the folder, by name. */
  List<String> stagingFiles() throws IOException;

  /** The rows that its journal holds, oldest first; a torn end is cut. */
  List<JournalRecord> rows() throws IOException;

  StateLog log();

  /** Removes folder and journal; staging files must be gone. */
  void remove() throws IOException;

  /** Gives the lock back; everything stays. */
  @Override
  void close() throws IOException;

  /** The sessions of a cache folder. */
  interface Folder {
    /** A new session. */
    Session begin() throws IOException;

    /** Those whose owner is dead, locked for us, oldest first. */
    List<Session> takeDead() throws IOException;

    /** Where files go that nobody may upload by himself; made where missing. */
    String recovered() throws IOException;
  }
}
