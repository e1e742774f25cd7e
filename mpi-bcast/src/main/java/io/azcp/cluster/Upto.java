package io.azcp.cluster;

/** How far a run goes; for those who look for a fault. */
public enum Upto {
  /** To the end. */
  ALL,
  /** The ranks only greet. */
  INIT,
  /** The source is listed. */
  LIST,
  /** Each rank downloads its share and keeps it; nothing is broadcast. */
  DOWNLOAD,
  /** Nothing is downloaded: what ranks have (by size) is broadcast to those that have it not. */
  BCAST
}
