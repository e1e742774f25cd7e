package io.azcp.mpi;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** One collective call of all ranks of a process. Guarded by the monitor of {@link Meetings}. */
final class Meeting {
  /**
   * What a rank brings: a value that all may see, or a buffer that the root's bytes go into.
   *
   * @param value what all ranks see, or null
   * @param buffer what is broadcast, or null
   * @param delivers whether the buffer is the root's
   */
  record Part(Object value, ByteBuffer buffer, boolean delivers) {
    static Part of(Object value) {
      return new Part(value, null, false);
    }
  }

  private final String call;
  private final Part[] parts;
  private int joined;
  private Part source;

  Meeting(String call, int size) {
    this.call = call;
    this.parts = new Part[size];
  }

  String call() {
    return call;
  }

  void join(int rank, Part part) {
    parts[rank] = part;
    joined++;
    if (part.delivers()) {
      source = part;
      for (Part other : parts) {
        deliver(other);
      }
    } else {
      deliver(part);
    }
  }

  private void deliver(Part part) {
    if (source != null && part != null && part.buffer() != null && !part.delivers()) {
      part.buffer().duplicate().put(source.buffer().duplicate());
    }
  }

  boolean complete() {
    return joined == parts.length;
  }

  /** A receiver is done with the root's bytes, everyone else when all have come. */
  boolean done(int rank) {
    Part part = parts[rank];
    boolean receives = part.buffer() != null && !part.delivers();
    return receives ? source != null : complete();
  }

  Object value(int rank) {
    return parts[rank].value();
  }

  String missing(List<String> hosts) {
    List<String> missing = new ArrayList<>();
    for (int i = 0; i < parts.length; i++) {
      if (parts[i] == null) {
        missing.add("rank " + i + " on " + hosts.get(i));
      }
    }
    return String.join(", ", missing);
  }
}
