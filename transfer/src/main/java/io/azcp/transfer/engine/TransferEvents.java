package io.azcp.transfer.engine;

import io.azcp.base.UsageException;
import java.io.IOException;

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
}
