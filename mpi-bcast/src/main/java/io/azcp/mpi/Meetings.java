package io.azcp.mpi;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the ranks of one process meet: the n-th collective call of each rank is the same call, so
 * each is a {@link Meeting} with a number. Its monitor guards all of them.
 */
final class Meetings {
  private final List<String> hosts;
  private final Duration patience;
  private final Map<Long, Meeting> open = new HashMap<>();
  private String failure;

  Meetings(List<String> hosts, Duration patience) {
    this.hosts = hosts;
    this.patience = patience;
  }

  Communicator communicator(int rank) {
    return new InProcessCommunicator(this, rank);
  }

  int size() {
    return hosts.size();
  }

  String host(int rank) {
    return hosts.get(rank);
  }

  List<String> hosts() {
    return hosts;
  }

  /** Brings a rank's part to a meeting; the last to come ends it for the book-keeping. */
  synchronized Meeting join(long number, int rank, String call, Meeting.Part part)
      throws CommunicatorException {
    check(rank);
    Meeting meeting = open.computeIfAbsent(number, n -> new Meeting(call, size()));
    if (!meeting.call().equals(call)) {
      fail(
          "the ranks do not do the same: rank "
              + rank
              + " calls "
              + call
              + " where another calls "
              + meeting.call());
      check(rank);
    }
    meeting.join(rank, part);
    if (meeting.complete()) {
      open.remove(number);
      notifyAll();
    } else if (part.delivers()) {
      notifyAll();
    }
    return meeting;
  }

  synchronized boolean done(Meeting meeting, int rank) throws CommunicatorException {
    if (meeting.done(rank)) {
      return true;
    }
    check(rank);
    return false;
  }

  /** Waits until a rank's part is done. */
  synchronized void await(Meeting meeting, int rank) throws CommunicatorException {
    long end = System.nanoTime() + patience.toNanos();
    while (!done(meeting, rank)) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        fail(
            "no progress for "
                + patience.toSeconds()
                + " s in "
                + meeting.call()
                + "; missing: "
                + meeting.missing(hosts));
        check(rank);
      }
      try {
        wait(left);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        fail("rank " + rank + " was interrupted");
      }
    }
  }

  /** Makes all further calls of all ranks fail; the first reason stays. */
  synchronized void fail(String reason) {
    if (failure == null) {
      failure = reason;
    }
    notifyAll();
  }

  synchronized boolean failed() {
    return failure != null;
  }

  private void check(int rank) throws CommunicatorException {
    if (failure != null) {
      throw new CommunicatorException(host(rank) + ": " + failure);
    }
  }
}
