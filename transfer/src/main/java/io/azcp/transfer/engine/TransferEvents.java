package io.azcp.transfer.engine;

/** Hears of single files while a transfer runs. Called from any thread, one call at a time. */
public interface TransferEvents {
  /** A dry run would move or remove this. */
  default void planned(String name) {}

  /** What became of a file; also of one that {@link #failed} was told of. */
  default void ended(FileResult result) {}

  /** A file failed; one sentence that names it. */
  void failed(String sentence);

  /** Something else worth knowing; one sentence. */
  void warned(String sentence);
}
