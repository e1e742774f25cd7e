package io.azcp.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MemoryBudgetTest {
  private final MemoryBudget budget = new MemoryBudget(100, 30_000);

  @Test
  void whatIsReservedIsMissingUntilItIsGivenBack() throws Exception {
    MemoryBudget.Reservation first = budget.reserve(60);
    assertThat(budget.used()).isEqualTo(60);
    assertThat(budget.tryReserve(41)).isNull();
    assertThat(budget.tryReserve(40)).isNotNull();
    first.close();
    assertThat(budget.used()).isEqualTo(40);
    first.close();
    assertThat(budget.used()).isEqualTo(40);
  }

  @Test
  void whoFindsNoneWaits() throws Exception {
    MemoryBudget.Reservation first = budget.reserve(100);
    CompletableFuture<Long> second =
        CompletableFuture.supplyAsync(
            () -> {
              try (var reservation = budget.reserve(50)) {
                assertThat(reservation).isNotNull();
                return budget.used();
              } catch (AzcpException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    assertThat(second).isNotDone();
    first.close();
    assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo(50);
    assertThat(budget.used()).isZero();
  }

  @Test
  void whoWaitedInVainIsToldTheRemedy() throws Exception {
    var hasty = new MemoryBudget(100, 1);
    hasty.reserve(80);
    assertThatThrownBy(() -> hasty.reserve(50))
        .isInstanceOfSatisfying(
            AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOMEM))
        .hasMessageContaining("raise --memory");
  }

  @Test
  void oneIsServedHoweverSmallTheTotal() {
    assertThat(budget.tryReserve(1000)).isNotNull();
    assertThat(budget.tryReserve(1)).isNull();
  }

  @Test
  void tooLittleMemoryIsAUsageErrorWithTheMinimum() throws Exception {
    assertThat(MemoryBudget.parse("1GiB").bytes()).isEqualTo(1L << 30);
    assertThat(MemoryBudget.parse("128MiB")).isEqualTo(MemoryBudget.MINIMUM);
    assertThatThrownBy(() -> MemoryBudget.parse("100MiB"))
        .isInstanceOf(UsageException.class)
        .hasMessage("--memory 100MiB is too little to work in: give at least 128MiB");
    assertThatThrownBy(() -> MemoryBudget.parse("lots")).isInstanceOf(UsageException.class);
  }

  @Test
  void leavesAHalfToOthersWhereLessWouldDo() {
    MemoryBudget.Reservation half = budget.tryReserveMore(50);
    assertThat(half).isNotNull();
    assertThat(budget.tryReserveMore(1)).isNull();
    assertThat(budget.tryReserve(50)).isNotNull();
    assertThat(budget.tryReserve(1)).isNull();
  }

  @Test
  void givesAnywayWhatMustGoOn() {
    assertThat(budget.tryReserve(100)).isNotNull();
    MemoryBudget.Reservation more = budget.reserveAnyway(7);
    assertThat(budget.used()).isEqualTo(107);
    more.close();
    assertThat(budget.used()).isEqualTo(100);
  }
}
