package io.azcp.mpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class InProcessWorldTest {
  @TestFactory
  Stream<DynamicTest> theContract() {
    return IntStream.of(1, 2, 3, 5)
        .boxed()
        .flatMap(
            size ->
                CommunicatorContract.checks().entrySet().stream()
                    .map(
                        check ->
                            DynamicTest.dynamicTest(
                                size + " ranks: " + check.getKey(),
                                () ->
                                    new InProcessWorld(size)
                                        .run(
                                            world -> {
                                              check.getValue().run(world);
                                              return null;
                                            }))));
  }

  @Test
  void ranksOfOneHostShareANode() throws Exception {
    InProcessWorld world = new InProcessWorld(List.of("a", "b", "a"), Duration.ofSeconds(60));
    List<String> places =
        world.run(rank -> rank.rankOnThisNode() + " of " + rank.ranksOnThisNode());
    assertThat(places).containsExactly("0 of 2", "0 of 1", "1 of 2");
  }

  @Test
  void aFailingRankEndsTheWaitOfTheOthers() {
    List<Throwable> others = new CopyOnWriteArrayList<>();
    assertThatThrownBy(
            () ->
                new InProcessWorld(3)
                    .run(
                        world -> {
                          if (world.rank() == 1) {
                            throw new IllegalStateException("the disk is full");
                          }
                          try {
                            world.barrier();
                          } catch (CommunicatorException failure) {
                            others.add(failure);
                            throw failure;
                          }
                          return null;
                        }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(others).hasSize(2).allMatch(other -> other.getMessage().contains("disk is full"));
  }

  @Test
  void anAbortFailsTheCallsOfAll() {
    assertThatThrownBy(
            () ->
                new InProcessWorld(2)
                    .run(
                        world -> {
                          if (world.rank() == 0) {
                            world.abort(5);
                            world.abort(6);
                          }
                          world.barrier();
                          return null;
                        }))
        .isInstanceOf(CommunicatorException.class)
        .hasMessageContaining("rank 0 on host0 ended all ranks with code 5");
  }

  @Test
  void ranksThatDoNotDoTheSameAreTold() {
    assertThatThrownBy(
            () ->
                new InProcessWorld(2)
                    .run(
                        world -> {
                          world.broadcast(ByteBuffer.allocateDirect(8 + world.rank()), 0);
                          return null;
                        }))
        .isInstanceOf(CommunicatorException.class)
        .hasMessageContaining("do not do the same");
  }

  @Test
  void aRankThatDoesNotComeIsNamed() {
    List<Throwable> told = new CopyOnWriteArrayList<>();
    assertThatThrownBy(
            () ->
                new InProcessWorld(List.of("one", "two"), Duration.ofMillis(300))
                    .run(
                        world -> {
                          if (world.rank() == 0) {
                            try {
                              world.barrier();
                            } catch (CommunicatorException failure) {
                              told.add(failure);
                              throw failure;
                            }
                          }
                          while (told.isEmpty()) {
                            Thread.sleep(5);
                          }
                          return null;
                        }))
        .isInstanceOf(CommunicatorException.class);
    assertThat(told.get(0)).hasMessageContaining("missing: rank 1 on two");
  }

  @Test
  void oneProcessAloneIsAWorld() throws Exception {
    try (Communicator alone = InProcessWorld.alone("here")) {
      assertThat(alone.size()).isEqualTo(1);
      assertThat(alone.hostName(0)).isEqualTo("here");
      for (CommunicatorContract.Check check : CommunicatorContract.checks().values()) {
        check.run(alone);
      }
    }
  }
}
