package io.azcp.mpi;

import java.util.concurrent.CountDownLatch;

/**
 * One call on its way through the library: started and moved on by the MPI thread, awaited by
 * others. What it holds on to is what the library reads or writes meanwhile.
 */
final class Operation implements Communicator.Request {
  /** Starts the library's requests of one operation, on the MPI thread. */
  @FunctionalInterface
  interface Start {
    long[] start(MpiLibrary mpi) throws CommunicatorException;
  }

  private final Start start;
  private final boolean bulk;
  private final CountDownLatch ended = new CountDownLatch(1);

  /**
   * Keeps buffers reachable that are known to the library only by their addresses. After a failure
   * for good: the library may still write there.
   */
  @SuppressWarnings("UnusedVariable")
  private Object memory;

  private long[] requests;
  private int done;
  private volatile CommunicatorException failure;

  Operation(boolean bulk, Object memory, Start start) {
    this.bulk = bulk;
    this.memory = memory;
    this.start = start;
  }

  /** Whether it moves much, so that it is worth a core to look after it. */
  boolean bulk() {
    return bulk;
  }

  void start(MpiLibrary mpi) throws CommunicatorException {
    requests = start.start(mpi);
  }

  /** On the MPI thread: whether all is done now. */
  boolean advance(MpiLibrary mpi) throws CommunicatorException {
    while (done < requests.length && mpi.test(requests[done])) {
      done++;
    }
    if (done < requests.length) {
      return false;
    }
    end(null);
    return true;
  }

  /** Ends it, with a failure or without. */
  void end(CommunicatorException reason) {
    if (reason == null) {
      memory = null;
    }
    failure = reason;
    ended.countDown();
  }

  @Override
  public boolean test() throws CommunicatorException {
    if (ended.getCount() > 0) {
      return false;
    }
    if (failure != null) {
      throw new CommunicatorException(failure.getMessage(), failure);
    }
    return true;
  }

  /** Its limit is the watchdog's, which knows what is progress. */
  @Override
  public void await() throws CommunicatorException {
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommunicatorException(HostName.own() + ": interrupted while waiting", e);
    }
    test();
  }
}
