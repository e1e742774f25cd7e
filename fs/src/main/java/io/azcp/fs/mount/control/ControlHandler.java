package io.azcp.fs.mount.control;

import java.io.IOException;

/** What the requests of the control protocol mean. Thread-safe. */
public interface ControlHandler {
  /**
   * Does what a request asks.
   *
   * @param op one of {@link Protocol}'s operations
   * @param arguments the request, its other keys
   * @return the result
   */
  Message handle(String op, Message arguments, Progress progress) throws IOException;

  /** Tells the asking side how far a request is. */
  @FunctionalInterface
  interface Progress {
    /** Sends a progress line. Throws when nobody listens any more; the request then ends. */
    void tell(Message progress) throws IOException;
  }

  /** Called after the answer to a request was sent. */
  default void answered(String op) {}
}
