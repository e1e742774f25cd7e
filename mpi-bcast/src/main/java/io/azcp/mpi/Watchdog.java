package io.azcp.mpi;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Ends the process where MPI does not return, with a message that says where and why: a library
 * that waits for a vanished node does so for ever, and without a word.
 *
 * <p>It counts its own looks, not the clock: a machine that slept has not hung.
 */
final class Watchdog {
  /** What a rank does, and the exit code if it cannot be done. */
  record Stage(String name, int exitCode) {}

  /** How many looks make up the patience. */
  private static final int LOOKS = 20;

  /** MPI_Abort tells the launcher; after this long this process ends by itself. */
  private static final Duration GRACE = Duration.ofSeconds(3);

  private final MpiThread thread;
  private final Duration patience;
  private final Consumer<String> voice;
  private final String host = HostName.own();
  private volatile boolean stopped;
  private volatile Stage stage = new Stage("starting MPI", 1);

  /** A watchdog that tells its messages to the voice. */
  Watchdog(MpiThread thread, Duration patience, Consumer<String> voice) {
    this.thread = thread;
    this.patience = patience;
    this.voice = voice;
  }

  void start() {
    daemon("mpi-watchdog", this::watch);
  }

  /** Watches no more. */
  void stop() {
    stopped = true;
  }

  void stage(Stage next) {
    stage = next;
  }

  /** Ends all ranks because one of them is not heard any more. */
  void lost(int rank, String where) {
    Stage now = stage;
    voice.accept(
        host
            + ": nothing heard from rank "
            + rank
            + " on "
            + where
            + " for "
            + patience.toSeconds()
            + " s while "
            + now.name()
            + "; ending all ranks. Is that machine up, and the network between the two?");
    end(now.exitCode());
  }

  /** Ends all ranks, within {@link #GRACE} at the latest on this one. */
  void end(int code) {
    daemon(
        "mpi-end",
        () -> {
          LockSupport.parkNanos(GRACE.toNanos());
          halt(code);
        });
    thread.abort(code);
  }

  private void watch() {
    long step = patience.toNanos() / LOOKS;
    long seen = -1;
    int same = 0;
    // Before the thread has begun there is nothing to watch; after its end neither.
    while (thread.alive() && !stopped) {
      long until = System.nanoTime() + step;
      for (long left = step; left > 0; left = until - System.nanoTime()) {
        LockSupport.parkNanos(this, left);
      }
      long turns = thread.turns();
      same = turns == seen ? same + 1 : 0;
      seen = turns;
      if (same >= LOOKS && thread.alive() && !stopped) {
        Stage now = stage;
        voice.accept(
            host
                + ": MPI does not return for "
                + patience.toSeconds()
                + " s while "
                + now.name()
                + "; ending this rank");
        halt(now.exitCode());
      }
    }
  }

  private static void daemon(String name, Runnable body) {
    Thread daemon = new Thread(body, name);
    daemon.setDaemon(true);
    daemon.start();
  }

  /** Without the shutdown hooks, which may wait for what hangs. */
  private static void halt(int code) {
    System.out.flush();
    System.err.flush();
    Runtime.getRuntime().halt(code);
  }

  /** Gives the launcher time to end this process. */
  static void awaitEnd() {
    while (true) {
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
    }
  }
}
