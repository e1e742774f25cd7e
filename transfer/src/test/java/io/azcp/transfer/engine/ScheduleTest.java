package io.azcp.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ScheduleTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Workers workers = new Workers("schedule-test", 1);
  private final Schedule schedule = new Schedule(workers, 2);
  private final Semaphore go = new Semaphore(0);
  private final AtomicInteger begun = new AtomicInteger();
  private final List<Long> order = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    workers.stop();
    go.release(1_000_000);
    schedule.close();
    workers.close();
  }

  private Runnable unit(long size) {
    return () -> {
      begun.incrementAndGet();
      go.acquireUninterruptibly();
      order.add(size);
    };
  }

  private void small(long... sizes) throws IOException {
    for (long size : sizes) {
      schedule.small(size, unit(size));
    }
  }

  private void awaitBegun(int count) {
    await().atMost(LIMIT).until(() -> begun.get() == count);
  }

  @Test
  void theFirstFileMovesAtOnceAndThenTheLargest() throws IOException {
    small(1);
    awaitBegun(1);
    small(5, 9, 5, 7, 100, 3, 2, 8, 9, 4);
    go.release(100);
    schedule.await();
    assertThat(order).containsExactly(1L, 100L, 9L, 9L, 8L, 7L, 5L, 5L, 4L, 3L, 2L);
  }

  @Test
  void equallyLargeOnesKeepTheirOrder() throws IOException {
    List<Integer> names = new CopyOnWriteArrayList<>();
    schedule.small(1, unit(1));
    awaitBegun(1);
    for (int i = 0; i < 50; i++) {
      int name = i;
      schedule.small(() -> names.add(name));
    }
    go.release();
    schedule.await();
    assertThat(names).hasSize(50).isSorted();
  }

  @Test
  void parallelFilesBoundsTheLargeOnesAndNotTheSmall() throws IOException {
    schedule.large(10, unit(10));
    schedule.large(20, unit(20));
    awaitBegun(2);
    schedule.large(30, unit(30));
    schedule.large(40, unit(40));
    small(1);
    awaitBegun(3);
    go.release(100);
    schedule.await();
    assertThat(order).hasSize(5);
    assertThat(begun).hasValue(5);
  }

  @Test
  void whoFindsMoreThanTheLookAheadWaits() throws Exception {
    int files = Schedule.LOOK_AHEAD + 500;
    AtomicInteger found = new AtomicInteger();
    schedule.small(unit(0));
    awaitBegun(1);
    CompletableFuture<Void> walk =
        CompletableFuture.runAsync(
            () -> {
              try {
                for (int i = 1; i < files; i++) {
                  schedule.small(unit(i));
                  found.incrementAndGet();
                }
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    await().atMost(LIMIT).until(() -> found.get() == Schedule.LOOK_AHEAD);
    go.release(files);
    walk.get(30, TimeUnit.SECONDS);
    schedule.await();
    assertThat(order).hasSize(files);
  }

  @Test
  void goesOnAfterItWasAwaited() throws IOException {
    go.release(100);
    small(1, 2);
    schedule.await();
    small(3);
    schedule.large(4, unit(4));
    schedule.await();
    assertThat(order).containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
  }

  @Test
  void whatFailsUnexpectedlyDoesNotStopTheOthers() throws IOException {
    go.release(100);
    for (int i = 0; i < 5; i++) {
      schedule.large(
          1,
          () -> {
            throw new IllegalStateException("thrown by a test");
          });
      schedule.small(
          () -> {
            throw new IllegalStateException("thrown by a test");
          });
    }
    schedule.large(2, unit(2));
    small(3);
    schedule.await();
    assertThat(order).containsExactlyInAnyOrder(2L, 3L);
  }

  @Test
  void endsWithTheWorkers() throws IOException {
    small(1, 2, 3);
    schedule.large(4, unit(4));
    awaitBegun(2);
    workers.stop();
    assertThatThrownBy(schedule::await)
        .isInstanceOfSatisfying(
            AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ECANCELED));
    assertThatThrownBy(() -> small(5)).isInstanceOf(AzcpException.class);
    go.release(100);
    schedule.close();
    assertThat(order).hasSize(2);
  }
}
