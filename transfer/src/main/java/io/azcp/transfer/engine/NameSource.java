package io.azcp.transfer.engine;

import java.io.IOException;

/** Names of files that are moved, in place of everything that is found at the source. */
@FunctionalInterface
public interface NameSource {
  /** Takes the names. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Takes one.
     *
     * @param name relative to the source, {@code /} between its parts
     * @param length what it is said to be, by which the transfer is planned; −1 where nothing is
     *     said
     * @param lastModified milliseconds since the epoch, for filters; 0 where nothing is said
     */
    void name(String name, long length, long lastModified) throws IOException;
  }

  /** Hands every name over, in order. What the visitor throws ends it. Called once. */
  void each(Visitor visitor) throws IOException;
}
