package io.azcp.transfer.engine;

import io.azcp.transfer.engine.sync.Entry;
import io.azcp.transfer.engine.sync.Plan;
import io.azcp.transfer.engine.sync.Planner;
import java.io.IOException;

/** Where a sync takes files from. */
interface SyncSource extends Planner.Side {
  /** An entry of the scan as it is now. */
  SourceFile file(Entry entry) throws IOException;

  /** How a dry run names it. */
  String shown(Entry entry);

  /** Throws where the scan showed that there is no such source. */
  void checkFound(Plan plan) throws IOException;
}
