package io.azcp.mpi;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One rank of an {@link InProcessWorld}. */
final class InProcessCommunicator implements Communicator {
  private final Meetings meetings;
  private final int rank;
  private long calls;
  private volatile boolean closed;

  InProcessCommunicator(Meetings meetings, int rank) {
    this.meetings = meetings;
    this.rank = rank;
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return meetings.size();
  }

  @Override
  public int ranksOnThisNode() {
    return Collections.frequency(meetings.hosts(), meetings.host(rank));
  }

  @Override
  public int rankOnThisNode() {
    return Collections.frequency(meetings.hosts().subList(0, rank), meetings.host(rank));
  }

  @Override
  public String hostName(int of) {
    return meetings.host(of);
  }

  @Override
  public String library() {
    return "threads of one process";
  }

  /** Has nobody to tell: who waits too long is told which rank is missing. */
  @Override
  public void stage(String name, int exitCode) {}

  @Override
  public void broadcast(ByteBuffer buffer, int root) throws CommunicatorException {
    startBroadcast(buffer, root).await();
  }

  @Override
  public Broadcast startBroadcast(ByteBuffer buffer, int root) throws CommunicatorException {
    Buffers.checkBroadcast(buffer, root, this);
    String call = "broadcast of " + buffer.remaining() + " bytes from rank " + root;
    return new Broadcast(join(call, new Meeting.Part(null, buffer.duplicate(), rank == root)));
  }

  @Override
  public long[] allreduce(long[] values, Reduction reduction) throws CommunicatorException {
    Meeting meeting = meet("allreduce " + reduction + " of " + values.length, values.clone());
    long[] combined = values.clone();
    for (int other = 0; other < size(); other++) {
      if (other != rank) {
        combine(combined, (long[]) meeting.value(other), reduction);
      }
    }
    return combined;
  }

  private static void combine(long[] into, long[] more, Reduction reduction) {
    for (int i = 0; i < into.length; i++) {
      into[i] =
          switch (reduction) {
            case MAX -> Math.max(into[i], more[i]);
            case MIN -> Math.min(into[i], more[i]);
            case SUM -> into[i] + more[i];
          };
    }
  }

  @Override
  public List<byte[]> allgather(byte[] mine) throws CommunicatorException {
    return all(meet("allgather", mine.clone()));
  }

  @Override
  public List<byte[]> gather(byte[] mine, int root) throws CommunicatorException {
    Buffers.checkRoot(root, this);
    Meeting meeting = meet("gather at rank " + root, mine.clone());
    return rank == root ? all(meeting) : List.of();
  }

  private List<byte[]> all(Meeting meeting) {
    List<byte[]> all = new ArrayList<>();
    for (int other = 0; other < size(); other++) {
      all.add(((byte[]) meeting.value(other)).clone());
    }
    return List.copyOf(all);
  }

  @Override
  public void barrier() throws CommunicatorException {
    meet("barrier", "");
  }

  @Override
  public void abort(int exitCode) {
    meetings.fail(
        "rank " + rank + " on " + meetings.host(rank) + " ended all ranks with code " + exitCode);
  }

  @Override
  public void close() throws CommunicatorException {
    if (!closed) {
      if (!meetings.failed()) {
        meet("close", "");
      }
      closed = true;
    }
  }

  private Meeting meet(String call, Object value) throws CommunicatorException {
    Meeting meeting = join(call, Meeting.Part.of(value));
    meetings.await(meeting, rank);
    return meeting;
  }

  private Meeting join(String call, Meeting.Part part) throws CommunicatorException {
    if (closed) {
      throw new CommunicatorException(meetings.host(rank) + ": " + call + " after the end");
    }
    return meetings.join(calls++, rank, call, part);
  }

  /** This rank's part of a broadcast. */
  final class Broadcast implements Request {
    private final Meeting meeting;

    private Broadcast(Meeting meeting) {
      this.meeting = meeting;
    }

    @Override
    public boolean test() throws CommunicatorException {
      return meetings.done(meeting, rank);
    }

    @Override
    public void await() throws CommunicatorException {
      meetings.await(meeting, rank);
    }
  }
}
