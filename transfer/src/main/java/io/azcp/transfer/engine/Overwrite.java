package io.azcp.transfer.engine;

/** What happens to a file that is already at the destination ({@code --overwrite}). */
public enum Overwrite {
  /** It is replaced. */
  TRUE,
  /** It stays, and is counted as skipped. */
  FALSE,
  /** The user is asked, file by file. */
  PROMPT,
  /** It is replaced where the source's time of change is later, in whole seconds. */
  IF_SOURCE_NEWER
}
