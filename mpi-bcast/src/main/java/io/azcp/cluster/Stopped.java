package io.azcp.cluster;

/** A vote has ended the run, on all ranks with the same code. What is wrong was said before. */
final class Stopped extends Exception {
  private static final long serialVersionUID = 1;

  private final int code;

  Stopped(int code) {
    super("the ranks agreed to stop with code " + code);
    this.code = code;
  }

  int code() {
    return code;
  }
}
