package io.azcp.transfer.engine;

/**
 * What a sync did.
 *
 * @param planned files that differ
 * @param moved those of them that are whole at the destination now
 * @param unchanged files that are the same on both sides
 * @param deleted files removed from the destination
 * @param refused whether something was to be deleted and for a reason told nothing was
 */
public record SyncResult(long planned, long moved, long unchanged, long deleted, boolean refused) {}
