package io.azcp.mpi;

import io.azcp.base.AzcpException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The ranks of one run and what they do together.
 *
 * <p>Every method but those that only tell something ({@link #rank}, {@link #size}, {@link
 * #ranksOnThisNode}, {@link #rankOnThisNode}, {@link #hostName}, {@link #library}, {@link #stage},
 * {@link #abort}) is collective: all ranks call it, in the same order, with the same root, the same
 * operation and the same lengths. What a rank does otherwise is an error that an implementation may
 * report and may not.
 *
 * <p>Collective calls come from one thread at a time. The calls that tell something, {@link
 * Request}s and {@link #abort} may come from any thread.
 *
 * <p>A failure is an {@link AzcpException} whose message names this host. After one the
 * communicator is of no more use but for {@link #abort} and {@link #close}.
 */
public interface Communicator extends AutoCloseable {
  /** What {@link #allreduce} does with the values of all ranks. */
  enum Reduction {
    /** The greatest. */
    MAX,
    /** The smallest. */
    MIN,
    /** The sum, which wraps around. */
    SUM
  }

  /** A broadcast under way. Safe for any thread. */
  interface Request {
    /**
     * Whether this rank's part is done: the buffer holds the bytes and may be used again. Returns
     * at once; progress does not depend on being asked.
     */
    boolean test() throws AzcpException;

    /** Waits until {@link #test} would say yes. */
    void await() throws AzcpException;
  }

  /** This process' number, from 0. */
  int rank();

  /** How many ranks there are. */
  int size();

  /** How many of them, this one included, share this machine. */
  int ranksOnThisNode();

  /** This process' number among {@link #ranksOnThisNode}, from 0. */
  int rankOnThisNode();

  /** The host name of a rank. */
  String hostName(int rank);

  /** The library and its version, for the log. */
  String library();

  /**
   * Says what this rank does from now on: the name is told to the user, and the code is the
   * process' exit code, when the ranks stop answering each other. Not collective.
   */
  void stage(String name, int exitCode);

  /**
   * Brings the bytes between the position and the limit of root's direct buffer to the same place
   * in every other rank's; positions and limits stay as they are. Of any length, which must be the
   * same everywhere; none is allowed.
   *
   * @throws IllegalArgumentException if the buffer is not direct, or read-only on a receiving rank
   */
  void broadcast(ByteBuffer buffer, int root) throws AzcpException;

  /**
   * Starts what {@link #broadcast(ByteBuffer, int)} does. The buffer is left alone until the
   * request is done: the root may read it, the others not. Requests are done in any order.
   */
  Request startBroadcast(ByteBuffer buffer, int root) throws AzcpException;

  /**
   * Brings root's bytes to every rank, which need not know how many there are; the argument of the
   * others is ignored and may be null. For what fits into memory several times over.
   */
  default byte[] broadcast(byte[] bytes, int root) throws AzcpException {
    boolean sender = rank() == root;
    long length = allreduce(new long[] {sender ? bytes.length : 0}, Reduction.MAX)[0];
    ByteBuffer buffer = ByteBuffer.allocateDirect((int) length);
    if (sender) {
      buffer.put(bytes).flip();
    }
    broadcast(buffer, root);
    byte[] received = new byte[(int) length];
    buffer.get(received);
    return received;
  }

  /**
   * Combines the values of all ranks, place by place.
   *
   * @return the combined values, the same on every rank; the argument stays as it is
   */
  long[] allreduce(long[] values, Reduction reduction) throws AzcpException;

  /**
   * Brings every rank's bytes, of whatever length each, to all ranks.
   *
   * @return what each rank gave, by rank
   */
  List<byte[]> allgather(byte[] mine) throws AzcpException;

  /**
   * Brings every rank's bytes, of whatever length each, to the root.
   *
   * @return at the root what each rank gave, by rank; elsewhere an empty list
   */
  List<byte[]> gather(byte[] mine, int root) throws AzcpException;

  /** Returns when every rank has come here. */
  void barrier() throws AzcpException;

  /**
   * Ends all ranks, at once and whatever they do, with this exit code where the launcher passes it
   * on. What has to be said is said before. With MPI this does not return. In one process it does,
   * and all ranks' calls fail.
   */
  void abort(int exitCode);

  /**
   * Ends the communication: waits until all ranks come here, unless a call has failed. Starts
   * nothing anew; closing twice is allowed.
   */
  @Override
  void close() throws AzcpException;
}
