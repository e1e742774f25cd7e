package io.azcp.cli;

import io.azcp.transfer.engine.sync.CompareMethod;
import io.azcp.transfer.engine.sync.DeleteDestination;

/** The words of the options of {@link SyncCommand}. */
final class SyncWords {
  private SyncWords() {}

  /** Those of {@code --compare-method}. */
  static final class ForCompare extends Words<CompareMethod> {
    ForCompare() {
      super(null);
      word("size", CompareMethod.SIZE);
      word("size-and-mtime", CompareMethod.SIZE_AND_MTIME);
      word("md5", CompareMethod.MD5);
      word("always", CompareMethod.ALWAYS);
    }
  }

  /** Those of {@code --delete-destination}. */
  static final class ForDeletion extends Words<DeleteDestination> {
    ForDeletion() {
      super(DeleteDestination.TRUE);
      word("true", DeleteDestination.TRUE);
      word("false", DeleteDestination.FALSE);
      word("prompt", DeleteDestination.PROMPT);
    }
  }
}
