package io.azcp.cluster;

/** How a rank tells which files it has. */
public enum Compare {
  /** It has none: all are transferred. */
  NONE,
  /** It has a file of the same size. */
  SIZE,
  /** It has a file of the same size, and a list of an earlier run has the same size and time. */
  FILELIST
}
