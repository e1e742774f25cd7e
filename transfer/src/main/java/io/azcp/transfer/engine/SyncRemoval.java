package io.azcp.transfer.engine;

import io.azcp.transfer.engine.sync.Entry;
import java.io.IOException;

/** Removes files from the destination of a sync, in the order of their names. */
interface SyncRemoval {
  /** How a dry run names it. */
  String shown(Entry entry);

  /**
   * Removes a file, now or later, unless it is no longer the one that was listed. Its failure is
   * told and counted.
   *
   * @throws IOException the job is over
   */
  void remove(Entry entry) throws IOException;

  /** Nothing more is removed. */
  void finish() throws IOException;
}
