package io.azcp.transfer.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** In virtual time; renewals run when the test says so. */
@Timeout(60)
class SharedTokenTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final AtomicLong clock = new AtomicLong(-5);
  private final AtomicInteger fetches = new AtomicInteger();
  private final Queue<Runnable> background = new ConcurrentLinkedQueue<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile String next = "second";
  private volatile IOException failure;

  private final TokenSource source =
      new TokenSource() {
        @Override
        public String name() {
          return "test identity";
        }

        @Override
        public AccessToken fetch() throws IOException {
          fetches.incrementAndGet();
          if (failure != null) {
            throw failure;
          }
          return new AccessToken(next, HOUR);
        }
      };

  private final SharedToken token = of(HOUR);

  private SharedToken of(Duration lifetime) {
    return new SharedToken(source, new AccessToken("first", lifetime), background::add, clock::get);
  }

  @AfterEach
  void stop() {
    threads.shutdown();
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  private void runBackground() {
    for (Runnable each = background.poll(); each != null; each = background.poll()) {
      each.run();
    }
  }

  private <T> List<Future<T>> all(int count, Callable<T> work) {
    CountDownLatch together = new CountDownLatch(count);
    List<Future<T>> futures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      futures.add(
          threads.submit(
              () -> {
                together.countDown();
                together.await();
                return work.call();
              }));
    }
    return futures;
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  @Test
  void fiveMinutesBeforeItsEndATokenIsRenewedInTheBackground() throws Exception {
    pass(HOUR.minus(SharedToken.AHEAD).minusSeconds(1));
    assertThat(token.value()).isEqualTo("first");
    assertThat(background).isEmpty();

    pass(Duration.ofSeconds(2));
    assertThat(token.value()).isEqualTo("first");
    assertThat(token.value()).isEqualTo("first");
    assertThat(background).hasSize(1);

    runBackground();
    assertThat(token.value()).isEqualTo("second");
    assertThat(fetches).hasValue(1);
  }

  @Test
  void aShortLivedTokenIsRenewedHalfWay() throws Exception {
    SharedToken brief = of(Duration.ofMinutes(2));
    pass(Duration.ofSeconds(59));
    assertThat(brief.value()).isEqualTo("first");
    assertThat(background).isEmpty();
    pass(Duration.ofSeconds(2));
    assertThat(brief.value()).isEqualTo("first");
    assertThat(background).hasSize(1);
  }

  @Test
  void sixtyFourThreadsShareOneRenewalOfAnExpiredToken() throws Exception {
    pass(HOUR);
    List<Future<String>> values = all(64, token::value);
    await().atMost(Duration.ofSeconds(30)).until(() -> !background.isEmpty());
    runBackground();
    for (Future<String> value : values) {
      assertThat(get(value)).isEqualTo("second");
    }
    assertThat(fetches).hasValue(1);
    assertThat(background).isEmpty();
  }

  @Test
  void sixtyFourThreadsShareOneRenewalOfARefusedToken() throws Exception {
    List<Future<Boolean>> renewed = all(64, () -> token.renew("first"));
    await().atMost(Duration.ofSeconds(30)).until(() -> !background.isEmpty());
    runBackground();
    for (Future<Boolean> each : renewed) {
      assertThat(get(each)).isTrue();
    }
    assertThat(token.value()).isEqualTo("second");
    assertThat(token.renew("first")).as("who comes late").isTrue();
    assertThat(fetches).hasValue(1);
  }

  @Test
  void theSameTokenAgainIsNoReasonToSendAgainAndIsNotAskedForAtOnce() throws Exception {
    next = "first";
    List<Future<Boolean>> renewed = all(8, () -> token.renew("first"));
    await().atMost(Duration.ofSeconds(30)).until(() -> !background.isEmpty());
    runBackground();
    for (Future<Boolean> each : renewed) {
      // Threads that come after the first renewal ended may find another token object held.
      runBackground();
      assertThat(get(each)).isFalse();
    }
    int asked = fetches.get();
    assertThat(token.renew("first")).isFalse();
    assertThat(fetches).hasValue(asked);
  }

  @Test
  void aRenewalThatFailsAheadOfTimeIsTriedAgainAfterAPause() throws Exception {
    pass(HOUR.minus(Duration.ofMinutes(4)));
    failure = IdentityException.absent("not now");
    assertThat(token.value()).isEqualTo("first");
    runBackground();
    assertThat(token.value()).isEqualTo("first");
    assertThat(background).isEmpty();

    failure = null;
    pass(SharedToken.PAUSE);
    assertThat(token.value()).isEqualTo("first");
    runBackground();
    assertThat(token.value()).isEqualTo("second");
    assertThat(fetches).hasValue(2);
  }

  @Test
  void oneRefusalIsForAllThreadsAndNamesTheReason() throws Exception {
    pass(HOUR);
    failure = IdentityException.refused("test identity: was withdrawn");
    List<Future<String>> values = all(16, token::value);
    await().atMost(Duration.ofSeconds(30)).until(() -> !background.isEmpty());
    runBackground();
    for (Future<String> value : values) {
      assertThatThrownBy(() -> get(value))
          .cause()
          .isInstanceOf(IdentityException.class)
          .hasMessageContaining("was withdrawn");
    }
    assertThatThrownBy(token::value).hasMessageContaining("was withdrawn");
    assertThat(fetches).hasValue(1);
  }

  @Test
  void aSourceThatBreaksIsAFailureLikeOthers() {
    pass(HOUR);
    SharedToken broken =
        new SharedToken(
            new TokenSource() {
              @Override
              public String name() {
                return "broken";
              }

              @Override
              public AccessToken fetch() {
                throw new IllegalStateException("bug");
              }
            },
            new AccessToken("first", Duration.ZERO),
            Runnable::run,
            clock::get);
    assertThatThrownBy(broken::value)
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("bug");
  }

  @Test
  void nothingPrintsTheToken() {
    assertThat(token.toString()).contains("test identity").doesNotContain("first");
    assertThat(new AccessToken("secret", HOUR).toString()).doesNotContain("secret");
  }
}
