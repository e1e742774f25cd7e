package io.azcp.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkersTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final AtomicInteger allowed = new AtomicInteger(Integer.MAX_VALUE);
  private final Workers workers = new Workers("workers-test", 6, allowed::get);
  private final Semaphore go = new Semaphore(0);
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();

  @AfterEach
  void stop() {
    workers.stop();
    go.release(1000);
    workers.close();
  }

  private void submit(int units) {
    for (int i = 0; i < units; i++) {
      workers.submit(
          Workers.Urgency.BULK,
          () -> {
            begun.incrementAndGet();
            go.acquireUninterruptibly();
            ended.incrementAndGet();
          });
    }
  }

  private void awaitBegun(int count) {
    await().atMost(LIMIT).until(() -> begun.get() == count);
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("workers-test"))
        .count();
  }

  @Test
  void areStartedAsThereIsWork() {
    assertThat(threads()).isZero();
    submit(1);
    awaitBegun(1);
    assertThat(threads()).isEqualTo(1);
    submit(2);
    awaitBegun(3);
    assertThat(threads()).isEqualTo(3);
    submit(10);
    awaitBegun(6);
    assertThat(threads()).isEqualTo(6);
    assertThat(workers.queued()).isEqualTo(7);
  }

  @Test
  void workInTheNumberThatIsAllowedNow() {
    allowed.set(2);
    submit(20);
    awaitBegun(2);
    assertThat(threads()).isEqualTo(2);

    allowed.set(5);
    go.release();
    awaitBegun(6);
    assertThat(threads()).isEqualTo(5);

    allowed.set(1);
    go.release(3);
    await().atMost(LIMIT).until(() -> threads() == 2);
    go.release(16);
    await().atMost(LIMIT).until(() -> ended.get() == 20);
    await().atMost(LIMIT).until(() -> threads() == 1);
  }

  @Test
  void oneWorksHoweverFewAreAllowed() {
    allowed.set(0);
    submit(2);
    go.release(2);
    await().atMost(LIMIT).until(() -> ended.get() == 2);
  }

  @Test
  void urgentUnitsGoFirst() {
    allowed.set(1);
    List<String> order = new CopyOnWriteArrayList<>();
    submit(1);
    awaitBegun(1);
    workers.submit(Workers.Urgency.BULK, () -> order.add("bulk"));
    workers.submit(Workers.Urgency.URGENT, () -> order.add("urgent"));
    go.release();
    await().atMost(LIMIT).until(() -> order.size() == 2);
    assertThat(order).containsExactly("urgent", "bulk");
  }

  @Test
  void goOnAfterAUnitThatThrows() {
    allowed.set(1);
    workers.submit(
        Workers.Urgency.BULK,
        () -> {
          throw new IllegalStateException("thrown by a test");
        });
    submit(1);
    go.release();
    await().atMost(LIMIT).until(() -> ended.get() == 1);
  }

  @Test
  void closedDropWhatIsQueuedAndWaitForWhatRuns() {
    submit(10);
    awaitBegun(6);
    workers.stop();
    assertThat(workers.isClosed()).isTrue();
    assertThatThrownBy(() -> submit(1)).isInstanceOf(RejectedExecutionException.class);
    go.release(6);
    workers.close();
    assertThat(ended.get()).isEqualTo(6);
    assertThat(threads()).isZero();
  }
}
