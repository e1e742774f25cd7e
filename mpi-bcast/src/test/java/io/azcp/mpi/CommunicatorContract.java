package io.azcp.mpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.mpi.Communicator.Reduction;
import io.azcp.mpi.Communicator.Request;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What every {@link Communicator} keeps. Each check runs on all ranks at once, in a world of any
 * size, and leaves it as it was: no call is pending.
 */
public final class CommunicatorContract {
  /** One promise; every rank of a world runs it. */
  @FunctionalInterface
  public interface Check {
    /** Fails on the rank that sees the promise broken. */
    void run(Communicator world) throws Exception;
  }

  private CommunicatorContract() {}

  /** All checks, by what they say. */
  public static Map<String, Check> checks() {
    Map<String, Check> checks = new LinkedHashMap<>();
    checks.put("ranks are numbered without gaps", CommunicatorContract::ranksAreNumbered);
    checks.put("all ranks know all host names", CommunicatorContract::hostNamesAgree);
    checks.put("a broadcast reaches all from each root", CommunicatorContract::broadcastFromEach);
    checks.put("only what lies between position and limit moves", CommunicatorContract::slices);
    checks.put("nothing can be broadcast", CommunicatorContract::emptyBroadcast);
    checks.put("bytes of unknown number reach all", CommunicatorContract::bytesOfUnknownNumber);
    checks.put("broadcasts of a pipeline keep apart", CommunicatorContract::pipeline);
    checks.put("a request asked only with test ends", CommunicatorContract::polledRequest);
    checks.put("broadcasts and reductions mix", CommunicatorContract::mixedCalls);
    checks.put("a request may be awaited on another thread", CommunicatorContract::otherThread);
    checks.put("a late root does not disturb", CommunicatorContract::lateRoot);
    checks.put("values are combined place by place", CommunicatorContract::reductions);
    checks.put("extreme values are combined", CommunicatorContract::extremeReductions);
    checks.put("many values are combined", CommunicatorContract::longReduction);
    checks.put("all get everyone's bytes", CommunicatorContract::allgather);
    checks.put("the root gets everyone's bytes", CommunicatorContract::gather);
    checks.put("no rank leaves a barrier early", CommunicatorContract::barrier);
    checks.put("bad arguments are refused at once", CommunicatorContract::badArguments);
    return checks;
  }

  private static void ranksAreNumbered(Communicator world) throws Exception {
    List<byte[]> all = world.allgather(text(world.rank() + " of " + world.size()));
    List<String> expected =
        IntStream.range(0, world.size()).mapToObj(rank -> rank + " of " + world.size()).toList();
    assertThat(all).map(CommunicatorContract::text).isEqualTo(expected);
    assertThat(world.rankOnThisNode()).isBetween(0, world.ranksOnThisNode() - 1);
    assertThat(world.ranksOnThisNode()).isBetween(1, world.size());
    assertThat(world.library()).isNotBlank();
  }

  private static void hostNamesAgree(Communicator world) throws Exception {
    List<String> names =
        IntStream.range(0, world.size()).mapToObj(world::hostName).map(String::strip).toList();
    assertThat(names).noneMatch(String::isEmpty);
    for (byte[] other : world.allgather(text(names.toString()))) {
      assertThat(text(other)).isEqualTo(names.toString());
    }
    String own = world.hostName(world.rank());
    assertThat(names.stream().filter(own::equals).count())
        .isGreaterThanOrEqualTo(world.ranksOnThisNode());
  }

  private static void broadcastFromEach(Communicator world) throws Exception {
    for (int root = 0; root < world.size(); root++) {
      for (int length : new int[] {1, 7, 4096, (1 << 20) + 13}) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(length);
        if (world.rank() == root) {
          fill(buffer, root + length);
        }
        world.broadcast(buffer, root);
        assertHolds(buffer, root + length);
      }
    }
  }

  private static void slices(Communicator world) throws Exception {
    int root = world.size() - 1;
    ByteBuffer buffer = ByteBuffer.allocateDirect(100);
    if (world.rank() == root) {
      fill(buffer, 5);
    }
    // The same bytes may lie at different places on each rank.
    buffer.position(10 + world.rank()).limit(30 + world.rank());
    ByteBuffer sent = ByteBuffer.allocateDirect(20);
    if (world.rank() == root) {
      sent.put(buffer.duplicate()).flip();
    }
    world.broadcast(sent, root);
    world.broadcast(buffer, root);
    assertThat(buffer.position()).isEqualTo(10 + world.rank());
    assertThat(buffer.limit()).isEqualTo(30 + world.rank());
    assertThat(buffer).isEqualTo(sent);
    if (world.rank() != root) {
      ByteBuffer around = buffer.duplicate().clear();
      for (int i = 0; i < 100; i++) {
        if (i < 10 + world.rank() || i >= 30 + world.rank()) {
          assertThat(around.get(i)).isZero();
        }
      }
    }
  }

  private static void emptyBroadcast(Communicator world) throws Exception {
    world.broadcast(ByteBuffer.allocateDirect(0), 0);
    world.startBroadcast(ByteBuffer.allocateDirect(0), world.size() - 1).await();
    assertThat(world.broadcast(new byte[0], 0)).isEmpty();
  }

  private static void bytesOfUnknownNumber(Communicator world) throws Exception {
    for (int root = 0; root < world.size(); root++) {
      byte[] mine = world.rank() == root ? text("from " + root + " Größe") : null;
      assertThat(text(world.broadcast(mine, root))).isEqualTo("from " + root + " Größe");
    }
  }

  private static void pipeline(Communicator world) throws Exception {
    int depth = 4;
    int chunks = 50;
    int length = 70_001;
    List<ByteBuffer> ring = new ArrayList<>();
    Deque<Request> pending = new ArrayDeque<>();
    for (int i = 0; i < depth; i++) {
      ring.add(ByteBuffer.allocateDirect(length));
    }
    for (int chunk = 0; chunk < chunks + depth; chunk++) {
      if (chunk >= depth) {
        pending.remove().await();
        assertHolds(ring.get(chunk % depth), chunk - depth);
      }
      if (chunk < chunks) {
        ByteBuffer buffer = ring.get(chunk % depth);
        int root = chunk % world.size();
        if (world.rank() == root) {
          fill(buffer, chunk);
        }
        pending.add(world.startBroadcast(buffer, root));
      }
    }
    assertThat(pending).isEmpty();
  }

  private static void polledRequest(Communicator world) throws Exception {
    ByteBuffer buffer = ByteBuffer.allocateDirect(3 << 20);
    if (world.rank() == 0) {
      fill(buffer, 77);
    }
    Request request = world.startBroadcast(buffer, 0);
    long end = System.nanoTime() + 50_000_000_000L;
    while (!request.test()) {
      assertThat(System.nanoTime()).as("the broadcast ends").isLessThan(end);
      Thread.sleep(1);
    }
    assertHolds(buffer, 77);
    assertThat(request.test()).isTrue();
    request.await();
  }

  private static void mixedCalls(Communicator world) throws Exception {
    ByteBuffer first = ByteBuffer.allocateDirect(2 << 20);
    ByteBuffer second = ByteBuffer.allocateDirect(1000);
    int last = world.size() - 1;
    if (world.rank() == 0) {
      fill(first, 1);
    }
    if (world.rank() == last) {
      fill(second, 2);
    }
    Request one = world.startBroadcast(first, 0);
    Request two = world.startBroadcast(second, last);
    long[] sum = world.allreduce(new long[] {1}, Reduction.SUM);
    world.barrier();
    two.await();
    one.await();
    assertThat(sum).containsExactly(world.size());
    assertHolds(first, 1);
    assertHolds(second, 2);
  }

  private static void otherThread(Communicator world) throws Exception {
    ByteBuffer buffer = ByteBuffer.allocateDirect(100_000);
    if (world.rank() == 0) {
      fill(buffer, 9);
    }
    Request request = world.startBroadcast(buffer, 0);
    List<Exception> failures = new ArrayList<>();
    Thread waiter =
        new Thread(
            () -> {
              try {
                request.await();
              } catch (Exception failure) {
                failures.add(failure);
              }
            },
            "waiter");
    waiter.start();
    waiter.join();
    assertThat(failures).isEmpty();
    assertHolds(buffer, 9);
  }

  private static void lateRoot(Communicator world) throws Exception {
    ByteBuffer buffer = ByteBuffer.allocateDirect(100_000);
    if (world.rank() == 0) {
      Thread.sleep(200);
      fill(buffer, 11);
    }
    Request request = world.startBroadcast(buffer, 0);
    request.await();
    assertHolds(buffer, 11);
  }

  private static void reductions(Communicator world) throws Exception {
    int size = world.size();
    long[] mine = {world.rank(), -world.rank(), 5};
    assertThat(world.allreduce(mine, Reduction.MAX)).containsExactly(size - 1, 0, 5);
    assertThat(world.allreduce(mine, Reduction.MIN)).containsExactly(0, 1 - size, 5);
    long triangle = (long) size * (size - 1) / 2;
    assertThat(world.allreduce(mine, Reduction.SUM))
        .containsExactly(triangle, -triangle, 5L * size);
    assertThat(mine).containsExactly(world.rank(), -world.rank(), 5);
  }

  private static void extremeReductions(Communicator world) throws Exception {
    long[] mine = {Long.MIN_VALUE, Long.MAX_VALUE, 0xFFFF_FFFFL + world.rank()};
    assertThat(world.allreduce(mine, Reduction.MAX))
        .containsExactly(Long.MIN_VALUE, Long.MAX_VALUE, 0xFFFF_FFFFL + world.size() - 1);
    assertThat(world.allreduce(mine, Reduction.MIN))
        .containsExactly(Long.MIN_VALUE, Long.MAX_VALUE, 0xFFFF_FFFFL);
    assertThat(world.allreduce(new long[0], Reduction.SUM)).isEmpty();
  }

  private static void longReduction(Communicator world) throws Exception {
    long[] mine = new long[100_003];
    Arrays.setAll(mine, i -> (long) i * (world.rank() + 1));
    long[] expected = new long[mine.length];
    Arrays.setAll(expected, i -> (long) i * world.size());
    assertThat(world.allreduce(mine, Reduction.MAX)).isEqualTo(expected);
  }

  private static void allgather(Communicator world) throws Exception {
    List<byte[]> all = world.allgather(text("x".repeat(world.rank() * 1000)));
    assertThat(all).hasSize(world.size());
    for (int rank = 0; rank < world.size(); rank++) {
      assertThat(text(all.get(rank))).isEqualTo("x".repeat(rank * 1000));
    }
    assertThat(world.allgather(new byte[0])).allMatch(bytes -> bytes.length == 0);
  }

  private static void gather(Communicator world) throws Exception {
    int root = world.size() - 1;
    List<byte[]> all = world.gather(text("rank " + world.rank()), root);
    if (world.rank() == root) {
      assertThat(all)
          .map(CommunicatorContract::text)
          .isEqualTo(IntStream.range(0, world.size()).mapToObj(rank -> "rank " + rank).toList());
    } else {
      assertThat(all).isEmpty();
    }
  }

  private static void barrier(Communicator world) throws Exception {
    // The clock of one machine: all entered before the first left.
    for (int round = 0; round < 10; round++) {
      long entered = System.currentTimeMillis();
      world.barrier();
      long left = System.currentTimeMillis();
      long lastEntered = world.allreduce(new long[] {entered}, Reduction.MAX)[0];
      long firstLeft = world.allreduce(new long[] {left}, Reduction.MIN)[0];
      assertThat(lastEntered).isLessThanOrEqualTo(firstLeft);
    }
  }

  private static void badArguments(Communicator world) {
    ByteBuffer direct = ByteBuffer.allocateDirect(8);
    assertThatThrownBy(() -> world.broadcast(ByteBuffer.allocate(8), 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> world.startBroadcast(direct, world.size()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> world.gather(new byte[0], -1))
        .isInstanceOf(IllegalArgumentException.class);
    if (world.rank() != 0) {
      assertThatThrownBy(() -> world.broadcast(direct.asReadOnlyBuffer(), 0))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static void fill(ByteBuffer buffer, int seed) {
    for (int i = 0; i < buffer.limit(); i++) {
      buffer.put(i, expected(seed, i));
    }
  }

  private static void assertHolds(ByteBuffer buffer, int seed) {
    for (int i = 0; i < buffer.limit(); i++) {
      if (buffer.get(i) != expected(seed, i)) {
        assertThat(buffer.get(i)).as("byte %d", i).isEqualTo(expected(seed, i));
      }
    }
  }

  private static byte expected(int seed, int i) {
    return (byte) (((seed * 31 + i) * 0x9E3779B1) >>> 24);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
