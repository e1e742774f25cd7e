package io.azcp.cli;

import io.azcp.base.UsageException;
import io.azcp.transfer.engine.SyncOptions;
import io.azcp.transfer.engine.sync.CompareMethod;
import io.azcp.transfer.engine.sync.DeleteDestination;
import io.azcp.transfer.engine.sync.MaxDelete;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options of sync alone. */
final class SyncFlags {
  @Option(
      names = "--compare-method",
      paramLabel = "WORD",
      converter = SyncWords.ForCompare.class,
      completionCandidates = SyncWords.ForCompare.class,
      description =
          "By what files of the same name are compared: ${COMPLETION-CANDIDATES} (default"
              + " size-and-mtime).")
  private CompareMethod compare = CompareMethod.SIZE_AND_MTIME;

  @Option(
      names = "--delete-destination",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "WORD",
      converter = SyncWords.ForDeletion.class,
      completionCandidates = SyncWords.ForDeletion.class,
      description =
          "Whether files that are only at the destination are removed: ${COMPLETION-CANDIDATES}"
              + " (default false).")
  private DeleteDestination deletion = DeleteDestination.FALSE;

  @Option(
      names = "--max-delete",
      paramLabel = "N|P%%",
      description =
          "Remove nothing where more files than this, or more of the destination's, would go.")
  private String maxDelete;

  /**
   * What the engine is told.
   *
   * @param whole whether all files are synced, not one shard of them
   */
  SyncOptions chosen(Path folder, boolean whole) throws UsageException {
    if (!whole && deletion != DeleteDestination.FALSE) {
      throw new UsageException(
          "--delete-destination does not go with --shard: no shard knows whether the others have"
              + " copied theirs; delete by a last sync without --shard");
    }
    if (maxDelete != null && deletion == DeleteDestination.FALSE) {
      throw new UsageException("--max-delete goes with --delete-destination");
    }
    MaxDelete limit = maxDelete == null ? MaxDelete.NONE : MaxDelete.parse(maxDelete);
    return new SyncOptions(compare, deletion, limit, folder);
  }
}
