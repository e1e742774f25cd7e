package io.azcp.mpi;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * The one thread that calls MPI. It never waits inside the library: every call of the communicator
 * becomes an {@link Operation} of non-blocking requests that this thread moves on in turns. So
 * broadcasts go on while their callers write to disks, and the {@link Pulse}s of other ranks are
 * heard however long a vote takes.
 *
 * <p>A turn without an end is the {@link Watchdog}'s business, a rank that is not heard this
 * thread's own.
 */
final class MpiThread {
  /** What is known after the start. */
  record Facts(int rank, int size, int nodeRank, int nodeSize, String version) {}

  /** Spinning this long after something moved catches the next without delay, in nanoseconds. */
  private static final long SPIN = 50_000;

  /**
   * How long a broadcast without an end is looked after without a pause, in nanoseconds: a chunk of
   * 64 MiB takes 90 ms at 6 Gb/s.
   */
  private static final long KEEN = 200_000_000;

  /**
   * Later, so many turns to a pause: one turn moves as little as one fragment of 128 KiB, and that
   * over a pause would be the speed.
   */
  private static final int BURST = 64;

  /** The pause between two bursts, in nanoseconds. */
  private static final long SHORT_PAUSE = 200_000;

  /** The longest pause while only small things are awaited, in nanoseconds. */
  private static final long LONG_PAUSE = 500_000;

  /** The longest time without a turn when nothing is under way. */
  private static final long IDLE_MILLIS = 50;

  /** How many pulses may be missed. */
  private static final int PULSES = 8;

  /** MPI_Init and what it loads run deep; the command line's default is half a MiB. */
  private static final long STACK = 8 << 20;

  private final MpiLibrary mpi;
  private final long patience;
  private final Duration interval;
  private final LinkedBlockingQueue<Operation> started = new LinkedBlockingQueue<>();
  private final Deque<Operation> pending = new ArrayDeque<>();
  private final List<Pulse> pulses = new ArrayList<>();
  private final CountDownLatch ready = new CountDownLatch(1);
  private final AtomicLong turns = new AtomicLong();
  private final Thread thread;
  private IntConsumer lost;
  private long pulseRanks;
  private long lastPulses;
  private long lastMove;
  private volatile Facts facts;
  private volatile CommunicatorException failure;
  private volatile boolean closing;
  private volatile Integer abortCode;

  /** A thread that finds a rank lost when it says nothing for the duration. */
  MpiThread(MpiLibrary mpi, Duration patience) {
    this.mpi = mpi;
    this.patience = patience.toNanos();
    this.interval = patience.dividedBy(PULSES);
    this.thread = new Thread(null, this::run, "mpi", STACK);
    thread.setDaemon(true);
  }

  /** Starts the thread, then the one that watches it, and joins the other processes. */
  Facts start(Runnable watching) throws CommunicatorException {
    thread.start();
    watching.run();
    try {
      ready.await();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    if (failure != null) {
      throw failure;
    }
    return facts;
  }

  /**
   * Listens to the others from now on. All ranks do.
   *
   * @param whom told on this thread, once or more often, which rank has fallen silent
   */
  void listen(IntConsumer whom) throws CommunicatorException {
    submit(
            new Operation(
                false,
                null,
                library -> {
                  lost = whom;
                  startPulses();
                  return new long[0];
                }))
        .await();
  }

  Operation submit(Operation operation) {
    started.add(operation);
    LockSupport.unpark(thread);
    // The thread has failed and may not look there any more.
    if (failure != null && started.remove(operation)) {
      operation.end(failure);
    }
    return operation;
  }

  /** Ends the communication; every rank has come to the same. */
  void finish() throws CommunicatorException {
    closing = true;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Calls MPI_Abort in the next turn; that turn may hang like any other. */
  void abort(int code) {
    abortCode = code;
    submit(new Operation(false, null, library -> new long[0]));
  }

  boolean failed() {
    return failure != null;
  }

  boolean alive() {
    return thread.isAlive();
  }

  /** Grows all the time while the thread is alive and not stuck inside the library. */
  long turns() {
    return turns.getAcquire();
  }

  private void run() {
    try {
      mpi.init();
      facts = facts();
      ready.countDown();
      while (!closing || !pending.isEmpty() || !started.isEmpty() || !pulsesOver()) {
        turn();
      }
      if (!pulses.isEmpty()) {
        mpi.free(pulseRanks);
      }
      mpi.finish();
    } catch (CommunicatorException e) {
      fail(e);
    } catch (RuntimeException | Error e) {
      fail(new CommunicatorException(HostName.own() + ": the MPI thread failed: " + e, e));
    }
  }

  private Facts facts() throws CommunicatorException {
    long world = mpi.world();
    long node = mpi.sameNode();
    Facts found =
        new Facts(mpi.rank(world), mpi.size(world), mpi.rank(node), mpi.size(node), mpi.version());
    mpi.free(node);
    return found;
  }

  private void turn() throws CommunicatorException {
    turns.setRelease(turns.getPlain() + 1);
    abortWhereAsked();
    long now = System.nanoTime();
    if (closing || now - lastPulses >= interval.toNanos() / PULSES) {
      lastPulses = now;
      turnPulses(now);
    }
    Operation next = started.poll();
    if (next == null && pending.isEmpty() && !closing) {
      next = idle();
    }
    boolean moved = next != null;
    if (next != null) {
      pending.add(next);
      next.start(mpi);
    }
    moved |= advance();
    now = System.nanoTime();
    if (moved) {
      lastMove = now;
    } else {
      rest(now - lastMove);
    }
  }

  private Operation idle() {
    try {
      return started.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the MPI thread", e);
    }
  }

  private boolean advance() throws CommunicatorException {
    boolean moved = false;
    for (Iterator<Operation> all = pending.iterator(); all.hasNext(); ) {
      if (all.next().advance(mpi)) {
        all.remove();
        moved = true;
      }
    }
    return moved;
  }

  /** Leaves the core to others, the more the longer nothing has ended. */
  @SuppressWarnings("ThreadPriorityCheck") // Not to wait for anything, but to let others work.
  private void rest(long still) {
    boolean bulk = pending.stream().anyMatch(Operation::bulk);
    if (still < SPIN) {
      Thread.onSpinWait();
    } else if (bulk && (still < KEEN || turns.getPlain() % BURST != 0)) {
      Thread.yield();
    } else {
      LockSupport.parkNanos(this, bulk ? SHORT_PAUSE : Math.min(LONG_PAUSE, still / 8));
    }
  }

  /** Rank 0 and each of the others listen to each other: a star costs all but the first little. */
  private void startPulses() throws CommunicatorException {
    pulseRanks = mpi.copy(mpi.world());
    long now = System.nanoTime();
    for (int peer = 0; peer < facts.size(); peer++) {
      if (peer != facts.rank() && (peer == 0 || facts.rank() == 0)) {
        pulses.add(new Pulse(mpi, pulseRanks, peer, interval, now));
      }
    }
  }

  private void turnPulses(long now) throws CommunicatorException {
    for (Pulse pulse : pulses) {
      if (closing && pending.isEmpty() && started.isEmpty()) {
        pulse.leave();
      }
      pulse.turn(now);
      if (pulse.silence() > patience) {
        lost.accept(pulse.peer());
        abortWhereAsked();
      }
    }
  }

  private boolean pulsesOver() {
    return pulses.stream().allMatch(Pulse::over);
  }

  private void abortWhereAsked() {
    Integer code = abortCode;
    if (code != null) {
      mpi.abort(code);
      Runtime.getRuntime().halt(code);
    }
  }

  /** Ends what is under way with the failure; the only thing left to do is to end all ranks. */
  private void fail(CommunicatorException reason) {
    failure = reason;
    ready.countDown();
    pending.forEach(operation -> operation.end(reason));
    for (Operation next = started.poll(); next != null; next = started.poll()) {
      next.end(reason);
    }
    while (true) {
      turns.setRelease(turns.getPlain() + 1);
      abortWhereAsked();
      LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(IDLE_MILLIS));
    }
  }

  private static CommunicatorException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new CommunicatorException(HostName.own() + ": interrupted while the ranks meet", e);
  }
}
