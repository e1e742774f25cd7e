package io.azcp.mpi;

import io.azcp.base.AzcpException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Ranks that are threads of one process, each as if on a node of its own. It serves tests, and a
 * run of one process that no launcher has started. Thread-safe.
 *
 * <p>It is stricter than MPI: ranks whose calls do not match are told, and a broadcast is done at
 * the root only when every rank has it.
 */
public final class InProcessWorld {
  /** What a rank does. */
  @FunctionalInterface
  public interface Body<T> {
    /** Runs on the rank's own thread. */
    T run(Communicator world) throws Exception;
  }

  /** Far longer than any rank of a test computes between two calls. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<String> hosts;
  private final Duration patience;

  /** A world of so many ranks on hosts named {@code host0}, {@code host1} and so on. */
  public InProcessWorld(int size) {
    this(names(size), PATIENCE);
  }

  /**
   * A world of one rank for each host name, which gives up when a rank does not come to a call for
   * that long. Ranks of the same host name share a node.
   */
  public InProcessWorld(List<String> hosts, Duration patience) {
    if (hosts.isEmpty()) {
      throw new IllegalArgumentException("a world has at least one rank");
    }
    this.hosts = List.copyOf(hosts);
    this.patience = patience;
  }

  /** The communicator of a process that is alone. */
  public static Communicator alone(String host) {
    return new Meetings(List.of(host), PATIENCE).communicator(0);
  }

  /**
   * Runs the body on every rank at once, closes its communicator, and waits for all. When one
   * fails, the calls of the others fail too, so that none waits for ever.
   *
   * @return what the ranks returned, by rank
   * @throws Exception what the first rank to fail threw, with the others' failures suppressed
   */
  public <T> List<T> run(Body<T> body) throws Exception {
    Meetings meetings = new Meetings(hosts, patience);
    List<T> results = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < hosts.size(); i++) {
      int rank = i;
      results.add(null);
      threads.add(
          new Thread(() -> runRank(meetings, rank, body, results, failures), "rank-" + rank));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    synchronized (failures) {
      rethrow(failures);
    }
    return results;
  }

  private static <T> void runRank(
      Meetings meetings, int rank, Body<T> body, List<T> results, List<Throwable> failures) {
    try (Communicator world = meetings.communicator(rank)) {
      try {
        T result = body.run(world);
        synchronized (results) {
          results.set(rank, result);
        }
      } catch (Throwable failure) {
        synchronized (failures) {
          failures.add(failure);
        }
        meetings.fail("rank " + rank + " of " + meetings.host(rank) + " failed: " + failure);
      }
    } catch (AzcpException closing) {
      synchronized (failures) {
        failures.add(closing);
      }
    }
  }

  private static void rethrow(List<Throwable> failures) throws Exception {
    if (failures.isEmpty()) {
      return;
    }
    Throwable first = failures.get(0);
    failures.stream().skip(1).filter(next -> next != first).forEach(first::addSuppressed);
    if (first instanceof Error error) {
      throw error;
    }
    throw (Exception) first;
  }

  private static List<String> names(int size) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      names.add("host" + i);
    }
    return names;
  }
}
