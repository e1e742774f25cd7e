package io.azcp.transfer.engine;

import io.azcp.transfer.engine.sync.Planner;

/**
 * From where to where a sync goes, and how.
 *
 * @param source where files come from
 * @param destination where they go
 * @param mover how they get there
 * @param removal how what is only there is removed
 */
record SyncRoute(SyncSource source, Planner.Side destination, Mover mover, SyncRemoval removal) {}
