package io.azcp.cli;

import io.azcp.transfer.engine.TransferEvents;

/** Prints what a job tells of single files, around a progress line where there is one. */
final class TransferConsole implements TransferEvents {
  private final Invocation invocation;
  private final String plannedPrefix;
  private ProgressLine progress;

  /**
   * A console.
   *
   * @param plannedPrefix what goes before a name that a dry run tells
   */
  TransferConsole(Invocation invocation, String plannedPrefix) {
    this.invocation = invocation;
    this.plannedPrefix = plannedPrefix;
  }

  /** From now on lines are printed above this one. */
  void above(ProgressLine line) {
    progress = line;
  }

  @Override
  public void planned(String name) {
    invocation.out().println(plannedPrefix + name);
  }

  @Override
  public void failed(String sentence) {
    print(sentence);
  }

  @Override
  public void warned(String sentence) {
    print(sentence);
  }

  private void print(String sentence) {
    if (progress == null) {
      Azcp.complain(invocation, sentence);
    } else {
      progress.above(() -> Azcp.complain(invocation, sentence));
    }
  }
}
