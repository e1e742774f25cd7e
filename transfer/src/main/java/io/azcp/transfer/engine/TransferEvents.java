package io.azcp.transfer.engine;

import io.azcp.base.UsageException;
import java.io.IOException;
import java.util.List;

/** Hears of single files while a transfer runs. Called from any thread, one call at a time. */
public interface TransferEvents {
  /** What a user says to the question whether a file is replaced. */
  enum Answer {
    /** It is. */
    YES,
    /** It stays. */
    NO,
    /** It is, and so are all that follow. */
    ALWAYS,
    /** It stays, and so do all that follow. */
    NEVER
  }

  /** A dry run would move or remove this. */
  default void planned(String name) {}

  /** A dry run would remove this from the destination. */
  default void plannedDeletion(String name) {}

  /** What became of a file; also of one that {@link #failed} was told of. */
  default void ended(FileResult result) {}

  /** A file failed; one sentence that names it. */
  void failed(String sentence);

  /** Something else worth knowing; one sentence. */
  void warned(String sentence);

  /**
   * Asks whether a file that is at the destination is replaced. The transfer waits meanwhile.
   *
   * @param name relative to the source, or of the blob
   * @throws UsageException where there is nobody to ask, which ends the job
   */
  default Answer ask(String name) throws IOException {
    throw new UsageException(
        name
            + " exists at the destination, and there is nobody to ask; say --overwrite=true or"
            + " --overwrite=false");
  }

  /**
   * Asks whether files that are only at the destination are removed from it.
   *
   * @param files how many there are
   * @param first the names of some of them
   * @throws UsageException where there is nobody to ask
   */
  default boolean mayDelete(long files, List<String> first) throws IOException {
    throw new UsageException(
        files
            + " file(s) are only at the destination, and there is nobody to ask; say"
            + " --delete-destination=true or --delete-destination=false");
  }
}
