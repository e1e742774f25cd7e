package io.azcp.nodes;

import io.azcp.base.AzcpException;
import io.azcp.base.UsageException;
import io.azcp.mpi.Communicator;
import io.azcp.mpi.CommunicatorContract;
import io.azcp.mpi.MpiWorld;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * What tests start as a rank of MPI: {@code RankProgram WORK PATIENCE_SECONDS}. It prints a line
 * for each thing done, with its rank, and ends with the exit code of a command that fails alike.
 */
public final class RankProgram {
  private static final int FAILED = 6;

  /** Of the system, not of a test's capture. */
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private RankProgram() {}

  public static void main(String[] args) {
    Duration patience = Duration.ofSeconds(Long.parseLong(args[1]));
    try (Communicator world =
        MpiWorld.open(System.getenv(), patience, text -> System.err.println("azcp: " + text))) {
      say(world, "on " + world.hostName(world.rank()) + " with " + world.library());
      say(world, "pid " + ProcessHandle.current().pid());
      work(args[0], world, patience);
      say(world, "done");
    } catch (UsageException e) {
      System.err.println("azcp: " + e.getMessage());
      System.exit(UsageException.EXIT_CODE);
    } catch (AzcpException e) {
      System.err.println("azcp: " + e.getMessage());
      System.exit(FAILED);
    }
  }

  private static void work(String name, Communicator world, Duration patience)
      throws AzcpException {
    switch (name) {
      case "promises" -> {
        contract(world);
        nulls(world);
        slow(world, patience);
      }
      case "broadcasts" -> broadcasts(world);
      case "abort" -> abort(world);
      case "hello" -> world.barrier();
      default -> throw new UsageException("no work " + name);
    }
  }

  private static void contract(Communicator world) {
    for (Map.Entry<String, CommunicatorContract.Check> check :
        CommunicatorContract.checks().entrySet()) {
      try {
        check.getValue().run(world);
        say(world, "kept: " + check.getKey());
      } catch (Exception | AssertionError e) {
        say(world, "broken: " + check.getKey() + ": " + e);
        e.printStackTrace(System.err);
        world.abort(FAILED);
      }
    }
  }

  /** Broadcasts until something ends it. */
  private static void broadcasts(Communicator world) throws AzcpException {
    world.stage("broadcasting", FAILED);
    ByteBuffer buffer = ByteBuffer.allocateDirect(8 << 20);
    for (int round = 0; ; round++) {
      world.broadcast(buffer, round % world.size());
      if (round % 10 == 0) {
        say(world, "round " + round);
        rest(Duration.ofMillis(50));
      }
    }
  }

  /** One rank comes to the vote long after the patience of the others, and is not lost. */
  private static void slow(Communicator world, Duration patience) throws AzcpException {
    world.stage("voting", FAILED);
    if (world.rank() == world.size() - 1) {
      rest(patience.plusSeconds(1));
    }
    world.barrier();
  }

  private static void rest(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Null checks that the JVM makes by SIGSEGV, which a library may have taken from it. */
  private static void nulls(Communicator world) throws AzcpException {
    Object[] some = {"text", null};
    int caught = 0;
    for (int i = 0; i < 300_000; i++) {
      Object one = some[i % 10 == 9 && i > 50_000 ? 1 : 0];
      try {
        if (one.hashCode() == 1) {
          say(world, "impossible");
        }
      } catch (NullPointerException expected) {
        caught++;
      }
    }
    world.barrier();
    say(world, "caught " + caught);
  }

  /** One rank ends all while the others wait. */
  private static void abort(Communicator world) throws AzcpException {
    if (world.rank() == world.size() - 1) {
      world.abort(7);
    }
    world.barrier();
  }

  private static void say(Communicator world, String what) {
    OUT.println("rank " + world.rank() + ": " + what);
  }
}
