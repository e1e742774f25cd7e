package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A mount whose daemon is killed and started again under the applications that read from it.
 * Thread-safe; one thread starts and ends it.
 */
final class RestartedMount {
  private final Lab lab;
  private final String binding;
  private final Path place;
  private final boolean asksAtOpen;
  private final long start = System.nanoTime();
  private ProcessHandle daemon;
  private boolean up;
  private boolean quiet;
  private int readers;
  private int parked;
  private int generation;
  private long longestWait;
  private final Map<Thread, Long> waits = new ConcurrentHashMap<>();

  /**
   * A mount that does not run yet.
   *
   * @param asksAtOpen whether each open asks the service
   */
  RestartedMount(Lab lab, String binding, boolean asksAtOpen) throws IOException {
    this.lab = lab;
    this.binding = binding;
    this.place = Files.createDirectory(lab.folder.resolve("mnt-" + binding));
    this.asksAtOpen = asksAtOpen;
  }

  Path data() {
    return place.resolve("data");
  }

  boolean asksAtOpen() {
    return asksAtOpen;
  }

  /** Whether each version has the size that fstat tells; libfuse 2 has one size a path. */
  boolean versionsHaveSizes() {
    return binding.equals("kernel");
  }

  long startNanos() {
    return start;
  }

  /** Mounts, on top of what a killed daemon left, too. */
  void mount() throws IOException {
    Set<Long> others = pids();
    String consistency = asksAtOpen ? "open" : "ttl";
    Checkout.Result result =
        lab.mountAt(
            place, "--binding", binding, "--consistency", consistency, "--attr-ttl", "500ms");
    assertThat(result.code()).as(result.toString()).isZero();
    ProcessHandle mine =
        lab.daemons().stream().filter(d -> !others.contains(d.pid())).findAny().orElseThrow();
    synchronized (this) {
      daemon = mine;
      up = true;
      quiet = false;
      notifyAll();
    }
  }

  private Set<Long> pids() throws IOException {
    return lab.daemons().stream().map(ProcessHandle::pid).collect(Collectors.toSet());
  }

  /** Kills the daemon; what applications have open is lost. */
  void kill() {
    ProcessHandle victim;
    synchronized (this) {
      generation++;
      up = false;
      victim = daemon;
    }
    victim.destroyForcibly();
    victim.onExit().orTimeout(1, TimeUnit.MINUTES).join();
  }

  /** Unmounts once all applications have closed their files. */
  void unmount() throws InterruptedException {
    synchronized (this) {
      quiet = true;
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
      while (parked < readers) {
        TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, end - System.nanoTime()));
        assertThat(System.nanoTime() - end).as("applications do not get on").isNegative();
      }
      generation++;
      up = false;
    }
    Checkout.Result result = lab.azcp("umount", place.toString());
    assertThat(result.code()).as(result.toString()).isZero();
  }

  /** How often it ended so far. */
  synchronized int generation() {
    return generation;
  }

  /** Whether it runs and is not about to be killed. */
  synchronized boolean isUp() {
    return up;
  }

  /** The calling thread asks for something that may take its time. */
  void waits() {
    waits.put(Thread.currentThread(), System.nanoTime());
  }

  /** It has its answer. */
  void waited() {
    long nanos = System.nanoTime() - waits.remove(Thread.currentThread());
    synchronized (this) {
      longestWait = Math.max(longestWait, nanos);
    }
  }

  /** What the daemon's threads do, once anybody has waited for so long; else empty. */
  String stacksIfAnyWaits(Duration atLeast) {
    long now = System.nanoTime();
    ProcessHandle asked;
    synchronized (this) {
      asked = daemon;
    }
    return waits.values().stream().anyMatch(since -> now - since > atLeast.toNanos())
        ? Checkout.run(
                Path.of("/"),
                Map.of(),
                List.of(
                    System.getProperty("java.home") + "/bin/jcmd",
                    "" + asked.pid(),
                    "Thread.print"))
            .out()
        : "";
  }

  /** The longest that any read waited since the last call, in milliseconds. */
  synchronized long takeLongestWaitMillis() {
    long longest = TimeUnit.NANOSECONDS.toMillis(longestWait);
    longestWait = 0;
    return longest;
  }

  synchronized void enter() {
    readers++;
  }

  synchronized void leave() {
    readers--;
    notifyAll();
  }

  /** Whether applications are asked to close their files and {@link #awaitUp}. */
  synchronized boolean wantsQuiet() {
    return quiet || !up;
  }

  /** Waits, with nothing open, until it is mounted. */
  synchronized void awaitUp() throws InterruptedException {
    parked++;
    notifyAll();
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    try {
      while (quiet || !up) {
        TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, end - System.nanoTime()));
        assertThat(System.nanoTime() - end).as("it is not mounted again").isNegative();
      }
    } finally {
      parked--;
    }
  }

  @Override
  public String toString() {
    return binding;
  }
}
