package io.azcp.transfer.engine;

import io.azcp.transfer.engine.sync.CompareMethod;
import io.azcp.transfer.engine.sync.DeleteDestination;
import io.azcp.transfer.engine.sync.MaxDelete;
import java.nio.file.Path;

/**
 * What a sync is told beyond {@link TransferOptions}.
 *
 * @param compare by what two files of the same name are compared
 * @param deletion what happens to files that are only at the destination
 * @param maxDelete how many of them may go
 * @param folder where lists are kept meanwhile, in files without a name
 */
public record SyncOptions(
    CompareMethod compare, DeleteDestination deletion, MaxDelete maxDelete, Path folder) {}
