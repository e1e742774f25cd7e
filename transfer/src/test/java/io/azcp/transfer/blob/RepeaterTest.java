package io.azcp.transfer.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.transfer.blob.TransportException.Kind;
import io.azcp.transfer.limit.RequestLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class RepeaterTest {
  private final List<Duration> pauses = new ArrayList<>();
  private final RetryCounters counters = new RetryCounters();
  private final List<Boolean> repeated = new ArrayList<>();
  private final Deque<IOException> failures = new ArrayDeque<>();

  private String run(int maxRetries) throws IOException {
    Repeater repeater = new Repeater(maxRetries, counters, new Backoff(() -> 0.5), pauses::add);
    return repeater.run(
        r -> {
          repeated.add(r);
          if (!failures.isEmpty()) {
            throw failures.poll();
          }
          return "done";
        });
  }

  private static ServiceException refusal(int status, String code, long retryAfter) {
    return ServiceErrors.of("get", "c/b", status, code, "id", "", retryAfter);
  }

  private static TransportException fault(Kind kind) {
    return new TransportException(kind, "fault", null);
  }

  @Test
  void whatMayPassIsRepeated() throws IOException {
    for (int status : new int[] {500, 502, 503, 504, 429}) {
      failures.add(refusal(status, "", -1));
    }
    assertThat(run(5)).isEqualTo("done");
    assertThat(counters.summary()).isEqualTo("503x1 429x1 5xxx3 transport-err x0");
    assertThat(pauses)
        .extracting(Duration::toMillis)
        .containsExactly(500L, 1000L, 2000L, 4000L, 8000L);
    assertThat(repeated).containsExactly(false, true, true, true, true, true);
  }

  @Test
  void whatWillNotPassIsNot() {
    for (int status : new int[] {400, 403, 404, 409, 412, 501}) {
      failures.add(refusal(status, "Whatever", -1));
      assertThatThrownBy(() -> run(5)).isInstanceOf(ServiceException.class);
    }
    failures.add(fault(Kind.UNTRUSTED));
    assertThatThrownBy(() -> run(5)).isInstanceOf(TransportException.class);
    assertThat(pauses).isEmpty();
    assertThat(counters.summary()).isEqualTo("none");
  }

  @Test
  void theServiceMayAskForAPauseOfAMinuteAtMost() throws IOException {
    failures.add(refusal(503, "ServerBusy", 7000));
    failures.add(refusal(503, "ServerBusy", 3_600_000));
    run(5);
    assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(60));
  }

  @Test
  void theBudgetEnds() {
    for (int i = 0; i < 3; i++) {
      failures.add(fault(Kind.BROKEN));
    }
    failures.add(refusal(503, "ServerBusy", -1));
    assertThatThrownBy(() -> run(3)).hasMessageContaining("ServerBusy");
    assertThat(pauses).hasSize(3);
    assertThat(counters.transport()).isEqualTo(3);
  }

  @Test
  void aServiceNeverReachedGetsOneMoreAttempt() {
    for (int i = 0; i < 6; i++) {
      failures.add(fault(Kind.UNREACHABLE));
    }
    assertThatThrownBy(() -> run(5)).isInstanceOf(TransportException.class);
    assertThat(repeated).containsExactly(false, false);
  }

  @Test
  void aServiceOnceReachedGetsAll() throws IOException {
    failures.add(refusal(503, "ServerBusy", -1));
    for (int i = 0; i < 4; i++) {
      failures.add(fault(Kind.UNREACHABLE));
    }
    assertThat(run(5)).isEqualTo("done");
  }

  @Test
  void goneConnectionsCostNothingButMakeTheNextAttemptARepetition() throws IOException {
    failures.add(fault(Kind.STALE));
    failures.add(fault(Kind.STALE));
    assertThat(run(0)).isEqualTo("done");
    assertThat(repeated).containsExactly(false, true, true);
    assertThat(counters.total()).isZero();
  }

  @Test
  void containersBeingDeletedAreWaitedFor() throws IOException {
    for (int i = 0; i < 20; i++) {
      failures.add(refusal(409, "ContainerBeingDeleted", -1));
    }
    assertThat(run(1)).isEqualTo("done");
    assertThat(repeated).containsOnly(false);
    assertThat(pauses.stream().mapToLong(Duration::toSeconds).sum()).isGreaterThan(60);
  }

  @Test
  void aStateThatDoesNotEndIsNotWaitedForForever() {
    for (int i = 0; i < 200; i++) {
      failures.add(refusal(409, "PendingCopyOperation", -1));
    }
    assertThatThrownBy(() -> run(1)).hasMessageContaining("PendingCopyOperation");
    assertThat(pauses.stream().mapToLong(Duration::toSeconds).sum()).isBetween(120L, 125L);
  }

  @Test
  void pausesGrowToAHalfMinuteAndAreSpread() {
    Backoff low = new Backoff(() -> 0);
    Backoff high = new Backoff(() -> 1);
    assertThat(low.pause(1, -1)).isEqualTo(Duration.ofMillis(375));
    assertThat(high.pause(1, -1)).isEqualTo(Duration.ofMillis(625));
    assertThat(low.pause(40, -1)).isEqualTo(Duration.ofMillis(22_500));
    assertThat(high.pause(7, -1)).isEqualTo(Duration.ofMillis(37_500));
  }

  @Test
  void closingEndsAPause() throws Exception {
    Repeater repeater = new Repeater(5, counters, RequestLimits.NONE);
    repeater.close();
    assertThatThrownBy(
            () ->
                repeater.run(
                    r -> {
                      throw refusal(503, "ServerBusy", 60_000);
                    }))
        .hasMessageContaining("closed");
  }
}
