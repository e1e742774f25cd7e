package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The daemon is killed at random moments of a random workload, with the service well, faulty and
 * away; after the next mount the container has what was answered. A few rounds; {@code
 * -Dazcp.crash.rounds=100} runs so many and wants every state and every kind of record of the
 * journal to have been met; {@code -Dazcp.crash.seed} names the seed, {@code
 * -Dazcp.crash.service=refusing,cutting,stalling} what the service does.
 */
class CrashRoundsTest {
  private static final int ROUNDS = Integer.getInteger("azcp.crash.rounds", 3);
  private static final long SEED = Long.getLong("azcp.crash.seed", 6L);
  private static final int MANY = 100;
  private static final String SERVICE = System.getProperty("azcp.crash.service");

  @Test
  void nothingAnsweredIsMissingAndNothingRemovedComesBack() throws Exception {
    List<CrashWeather.Service> services = CrashWeather.Service.named(SERVICE);
    try (CrashRounds rounds = new CrashRounds(SEED, services)) {
      for (int i = 0; i < ROUNDS; i++) {
        assertThat(rounds.run(i)).as("round %d of seed %d", i, SEED).isEmpty();
      }
      System.out.println(rounds.report());
      assertThat(rounds.calls()).isPositive();
      assertThat(rounds.killedWithSomethingPending()).isPositive();
      if (ROUNDS >= MANY) {
        assertThat(rounds.statesMissed()).isEmpty();
      }
    }
  }
}
