package io.azcp.transfer.engine.sync;

/** What happens to files that are only at the destination ({@code --delete-destination}). */
public enum DeleteDestination {
  /** They stay. */
  FALSE,
  /** They are removed. */
  TRUE,
  /** They are removed when the user agrees. */
  PROMPT
}
