package io.azcp.transfer.blob;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClockOffsetTest {
  private static final long NOW = 1_800_000_000_000L;

  private final AtomicBoolean warned = new AtomicBoolean();
  private final ClockOffset clock = new ClockOffset(warned);

  @Test
  void upToAMinuteNothingIsMadeOfIt() {
    clock.observe(NOW + 59_000, NOW);
    assertThat(clock.aheadMillis()).isZero();
    assertThat(warned).isFalse();
  }

  @Test
  void overAMinuteItIsKnownAndWarnedOfOnce() {
    clock.observe(NOW - 90_000, NOW);
    assertThat(clock.aheadMillis()).isEqualTo(-90_000);
    assertThat(warned).isTrue();
    clock.observe(NOW, NOW);
    assertThat(clock.aheadMillis()).as("after the clock was set").isZero();
  }

  @Test
  void anAnswerWithoutADateTellsNothing() {
    clock.observe(-1, NOW);
    assertThat(clock.aheadMillis()).isZero();
    assertThat(warned).isFalse();
  }

  @Test
  void itIsToldInMinutes() {
    assertThat(ClockOffset.described(20 * 60_000))
        .isEqualTo("this machine's clock is 20 minutes ahead");
    assertThat(ClockOffset.described(-60_000)).isEqualTo("this machine's clock is 1 minute behind");
  }

  @Test
  void aServiceTellsItsClockWithItsAnswers() throws IOException {
    try (HttpStub server =
            new HttpStub(
                request ->
                    HttpStub.Answer.of(201, "")
                        .with("Date", HttpDate.format(System.currentTimeMillis() + 600_000)));
        OpenedService opened =
            BlobServices.open(
                BlobUrl.parse(server.url() + "/acct", null),
                new Credential.Anonymous(),
                ClientOptions.DEFAULT,
                java.util.List.of())) {
      assertThat(opened.service().clockAheadMillis()).isZero();
      opened.service().createContainer("c");
      assertThat(opened.service().clockAheadMillis())
          .isBetween(Duration.ofMinutes(9).toMillis(), Duration.ofMinutes(10).toMillis());
    }
  }
}
