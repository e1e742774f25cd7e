package io.azcp.cluster;

import io.azcp.base.AzcpException;
import io.azcp.base.UsageException;
import io.azcp.mpi.Communicator;
import io.azcp.mpi.Communicator.Reduction;
import io.azcp.mpi.CommunicatorException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * How the ranks agree: a failure of any rank ends the run everywhere, with the highest of their
 * codes. How long a rank works before it comes to a vote does not matter; a rank that is dead or
 * cut off is the communicator's business.
 */
final class Ballot {
  private final Communicator world;
  private final ClusterConsole console;

  Ballot(Communicator world, ClusterConsole console) {
    this.world = world;
    this.console = console;
  }

  /** What one rank does by itself. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  /** A stage begins. */
  void stage(Stage stage) {
    world.stage(stage.label(), stage.code());
  }

  /** Says what is wrong here, with the rank and its host. */
  void complain(String sentence) {
    console.complain(
        "rank " + world.rank() + " on " + world.hostName(world.rank()) + ": " + sentence);
  }

  /** Says why something failed here, and answers the code to vote with. */
  int complain(Stage stage, Throwable failure) {
    boolean understood = failure instanceof AzcpException;
    String text = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    complain(understood || failure instanceof IOException ? text : "unexpected: " + failure);
    return failure instanceof UsageException ? Stage.START.code() : stage.code();
  }

  /** Ends the run where any rank votes with a code. */
  void vote(int code) throws CommunicatorException, Stopped {
    long worst = reduce(code, Reduction.MAX);
    if (worst != 0) {
      throw new Stopped((int) worst);
    }
  }

  /** Every rank works, however long it takes, and the run ends where one fails. */
  void together(Stage stage, Work work) throws CommunicatorException, Stopped {
    int code = 0;
    try {
      work.run();
    } catch (IOException | RuntimeException e) {
      code = complain(stage, e);
    }
    vote(code);
  }

  /** Ends the run where the ranks do not all have the same. */
  void agree(Stage stage, MessageDigest digest, String otherwise)
      throws CommunicatorException, Stopped {
    long hash = ByteBuffer.wrap(digest.digest()).getLong();
    long[] extremes = all(new long[] {hash, ~hash}, Reduction.MAX);
    boolean same = extremes[0] == ~extremes[1];
    if (!same && world.rank() == 0) {
      complain(otherwise);
    }
    vote(same ? 0 : stage.code());
  }

  /** A digest that has taken a text. */
  static MessageDigest digest(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(text.getBytes(StandardCharsets.UTF_8));
      return digest;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  long reduce(long value, Reduction reduction) throws CommunicatorException {
    return all(new long[] {value}, reduction)[0];
  }

  long[] all(long[] values, Reduction reduction) throws CommunicatorException {
    try {
      return world.allreduce(values, reduction);
    } catch (CommunicatorException e) {
      throw e;
    } catch (AzcpException e) {
      throw new CommunicatorException(e.getMessage(), e);
    }
  }

  static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
