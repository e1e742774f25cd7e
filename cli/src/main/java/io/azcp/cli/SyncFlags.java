package io.azcp.cli;

import io.azcp.base.UsageException;
import io.azcp.transfer.engine.SyncOptions;
import io.azcp.transfer.engine.sync.CompareMethod;
import io.azcp.transfer.engine.sync.DeleteDestination;
import io.azcp.transfer.engine.sync.MaxDelete;
import java.nio.file.Path;

/** The options of sync alone. */
final class SyncFlags extends Flags {
  private final Value<CompareMethod> compare =
      arguments
          .words(CompareMethod.class, new SyncWords.ForCompare(), "--compare-method")
          .label("WORD")
          .orElse(CompareMethod.SIZE_AND_MTIME)
          .says(
              "By what files of the same name are compared: ${COMPLETION-CANDIDATES} (default"
                  + " size-and-mtime).");

  private final Value<DeleteDestination> deletion =
      arguments
          .words(DeleteDestination.class, new SyncWords.ForDeletion(), "--delete-destination")
          .label("WORD")
          .bare("true")
          .orElse(DeleteDestination.FALSE)
          .says(
              "Whether files that are only at the destination are removed: ${COMPLETION-CANDIDATES}"
                  + " (default false).");

  private final Value<String> maxDelete =
      arguments
          .value(String.class, "--max-delete")
          .label("N|P%%")
          .says(
              "Remove nothing where more files than this, or more of the destination's, would go.");

  SyncFlags(Arguments arguments) {
    super(arguments);
  }

  /**
   * What the engine is told.
   *
   * @param whole whether all files are synced, not one shard of them
   */
  SyncOptions chosen(Path folder, boolean whole) throws UsageException {
    if (!whole && deletion.get() != DeleteDestination.FALSE) {
      throw new UsageException(
          "--delete-destination does not go with --shard: no shard knows whether the others have"
              + " copied theirs; delete by a last sync without --shard");
    }
    if (maxDelete.get() != null && deletion.get() == DeleteDestination.FALSE) {
      throw new UsageException("--max-delete goes with --delete-destination");
    }
    MaxDelete limit = maxDelete.get() == null ? MaxDelete.NONE : MaxDelete.parse(maxDelete.get());
    return new SyncOptions(compare.get(), deletion.get(), limit, folder);
  }
}
