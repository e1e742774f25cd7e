package io.azcp.cluster;

/** What the ranks do together, and the exit code that says that it failed. */
enum Stage {
  /** Ranks, options and versions are compared. */
  START("starting", 2),
  /** Rank 0 lists the source. */
  LIST("listing", 3),
  /** Each rank tells what it has. */
  DIFF("comparing", 4),
  /** Shares are downloaded. */
  DOWNLOAD("downloading", 5),
  /** Shares are brought to the other ranks. */
  BROADCAST("broadcasting", 6),
  /** Copies are compared. */
  VERIFY("verifying", 7),
  /** Room is made, files are made and named. */
  SPACE("making and naming files", 8);

  private final String label;
  private final int code;

  Stage(String label, int code) {
    this.label = label;
    this.code = code;
  }

  String label() {
    return label;
  }

  int code() {
    return code;
  }
}
