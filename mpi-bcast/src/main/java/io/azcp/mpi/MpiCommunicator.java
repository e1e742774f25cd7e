package io.azcp.mpi;

import io.azcp.base.posix.Native;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The ranks that an MPI launcher started. */
final class MpiCommunicator implements Communicator {
  /** The most bytes of one native broadcast or message: counts are 32-bit integers. */
  static final int LARGEST = 1 << 30;

  private static final int GATHER_TAG = 1;

  private final MpiThread thread;
  private final Watchdog watchdog;
  private final MpiThread.Facts facts;
  private List<String> hosts = List.of();
  private boolean closed;

  MpiCommunicator(MpiThread thread, Watchdog watchdog, MpiThread.Facts facts) {
    this.thread = thread;
    this.watchdog = watchdog;
    this.facts = facts;
  }

  /** Learns the other ranks' names, and listens to them from now on. */
  void introduce() throws CommunicatorException {
    byte[] own = HostName.own().getBytes(StandardCharsets.UTF_8);
    hosts = allgather(own).stream().map(name -> new String(name, StandardCharsets.UTF_8)).toList();
    thread.listen(rank -> watchdog.lost(rank, hosts.get(rank)));
  }

  @Override
  public int rank() {
    return facts.rank();
  }

  @Override
  public int size() {
    return facts.size();
  }

  @Override
  public int ranksOnThisNode() {
    return facts.nodeSize();
  }

  @Override
  public int rankOnThisNode() {
    return facts.nodeRank();
  }

  @Override
  public String hostName(int rank) {
    return hosts.get(rank);
  }

  @Override
  public String library() {
    return facts.version();
  }

  @Override
  public void stage(String name, int exitCode) {
    watchdog.stage(new Watchdog.Stage(name, exitCode));
  }

  @Override
  public void broadcast(ByteBuffer buffer, int root) throws CommunicatorException {
    startBroadcast(buffer, root).await();
  }

  @Override
  public Operation startBroadcast(ByteBuffer buffer, int root) throws CommunicatorException {
    Buffers.checkBroadcast(buffer, root, this);
    long address = Native.address(buffer) + buffer.position();
    int length = buffer.remaining();
    return submit(
        new Operation(
            true,
            buffer,
            mpi -> pieces(length, (at, bytes) -> mpi.startBroadcast(address + at, bytes, root))));
  }

  @Override
  public long[] allreduce(long[] values, Reduction reduction) throws CommunicatorException {
    if (values.length == 0) {
      return new long[0];
    }
    ByteBuffer from = Native.buffer(Math.multiplyExact(values.length, Long.BYTES));
    ByteBuffer to = Native.buffer(from.capacity());
    from.asLongBuffer().put(values);
    submit(
            new Operation(
                false,
                List.of(from, to),
                mpi -> new long[] {mpi.startAllreduce(from, to, values.length, reduction)}))
        .await();
    long[] combined = new long[values.length];
    to.asLongBuffer().get(combined);
    return combined;
  }

  @Override
  public List<byte[]> allgather(byte[] mine) throws CommunicatorException {
    int[] lengths = lengths(mine);
    List<ByteBuffer> buffers = new ArrayList<>();
    List<Request> requests = new ArrayList<>();
    for (int rank = 0; rank < size(); rank++) {
      ByteBuffer buffer = rank == rank() ? direct(mine) : Native.buffer(lengths[rank]);
      buffers.add(buffer);
      requests.add(startBroadcast(buffer, rank));
    }
    for (Request request : requests) {
      await(request);
    }
    return buffers.stream().map(MpiCommunicator::bytes).toList();
  }

  @Override
  public List<byte[]> gather(byte[] mine, int root) throws CommunicatorException {
    Buffers.checkRoot(root, this);
    int[] lengths = lengths(mine);
    List<ByteBuffer> buffers = new ArrayList<>();
    List<Operation> messages = new ArrayList<>();
    if (rank() != root) {
      buffers.add(direct(mine));
      messages.add(message(buffers.get(0), root, true));
    } else {
      for (int rank = 0; rank < size(); rank++) {
        ByteBuffer buffer = rank == rank() ? direct(mine) : Native.buffer(lengths[rank]);
        buffers.add(buffer);
        if (rank != rank()) {
          messages.add(message(buffer, rank, false));
        }
      }
    }
    for (Operation message : messages) {
      message.await();
    }
    return rank() == root ? buffers.stream().map(MpiCommunicator::bytes).toList() : List.of();
  }

  private Operation message(ByteBuffer buffer, int peer, boolean sends)
      throws CommunicatorException {
    long address = Native.address(buffer);
    return submit(
        new Operation(
            false,
            buffer,
            mpi ->
                pieces(
                    buffer.capacity(),
                    (at, bytes) ->
                        sends
                            ? mpi.startSend(address + at, bytes, peer, GATHER_TAG, mpi.world())
                            : mpi.startReceive(
                                address + at, bytes, peer, GATHER_TAG, mpi.world()))));
  }

  /** How many bytes each rank has. */
  private int[] lengths(byte[] mine) throws CommunicatorException {
    long[] lengths = new long[size()];
    lengths[rank()] = mine.length;
    return java.util.Arrays.stream(allreduce(lengths, Reduction.SUM))
        .mapToInt(Math::toIntExact)
        .toArray();
  }

  /** Starts one native request. */
  @FunctionalInterface
  private interface Piece {
    long start(int at, int bytes) throws CommunicatorException;
  }

  /** One request for each GiB; ranks that agree on the length agree on these. */
  private static long[] pieces(int length, Piece piece) throws CommunicatorException {
    long[] requests = new long[(int) (((long) length + LARGEST - 1) / LARGEST)];
    for (int i = 0; i < requests.length; i++) {
      int at = i * LARGEST;
      requests[i] = piece.start(at, Math.min(LARGEST, length - at));
    }
    return requests;
  }

  @Override
  public void barrier() throws CommunicatorException {
    submit(new Operation(false, null, mpi -> new long[] {mpi.startBarrier()})).await();
  }

  @Override
  public void abort(int exitCode) {
    watchdog.end(exitCode);
    Watchdog.awaitEnd();
  }

  @Override
  public void close() throws CommunicatorException {
    if (closed) {
      return;
    }
    if (!thread.failed()) {
      barrier();
      closed = true;
      thread.finish();
      watchdog.stop();
    }
    closed = true;
  }

  private Operation submit(Operation operation) throws CommunicatorException {
    if (closed) {
      throw new CommunicatorException(HostName.own() + ": MPI is called after its end");
    }
    return thread.submit(operation);
  }

  private static void await(Request request) throws CommunicatorException {
    ((Operation) request).await();
  }

  private static ByteBuffer direct(byte[] bytes) {
    return Native.buffer(bytes.length).put(bytes).flip();
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.capacity()];
    buffer.get(0, bytes);
    return bytes;
  }
}
