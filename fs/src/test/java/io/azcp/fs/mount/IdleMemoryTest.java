package io.azcp.fs.mount;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdleMemoryTest {
  private static final long MIB = 1 << 20;

  private final Fake fake = new Fake();
  private final IdleMemory idle = new IdleMemory(fake);

  private static final class Fake implements IdleMemory.Memory {
    long used = 100 * MIB;
    long live = 30 * MIB;
    int collections;
    int trims;

    @Override
    public long used() {
      return used;
    }

    @Override
    public long committed() {
      return Math.max(64 * MIB, used);
    }

    @Override
    public void collect() {
      used = live;
      collections++;
    }

    @Override
    public void trim() {
      trims++;
    }
  }

  private void look(int times) {
    for (int i = 0; i < times; i++) {
      idle.look();
    }
  }

  @Test
  void collectsOnceWhenWorkIsOver() {
    for (int i = 0; i < 20; i++) {
      fake.used += 2 * MIB;
      idle.look();
    }
    assertThat(fake.collections).isZero();

    look(2);
    assertThat(fake.collections).isZero();
    look(1);
    assertThat(fake.collections).isEqualTo(1);
    assertThat(fake.trims).isZero();
    look(1);
    assertThat(fake.trims).isEqualTo(1);

    look(100);
    assertThat(fake.collections).isEqualTo(1);
    assertThat(fake.trims).isEqualTo(1);
  }

  @Test
  void doesSoAgainOnlyWhenEnoughWasTakenSince() {
    look(4);
    assertThat(fake.collections).isEqualTo(1);

    fake.used += 10 * MIB;
    look(10);
    assertThat(fake.collections).isEqualTo(1);
    fake.used += 20 * MIB;
    look(10);
    assertThat(fake.collections).isEqualTo(2);
  }

  @Test
  void whatTheCollectorOfTheYoungDropsIsWorkToo() {
    look(1);
    for (int i = 0; i < 20; i++) {
      fake.used = (i % 2 == 0 ? 90 : 40) * MIB;
      idle.look();
    }
    assertThat(fake.collections).isZero();
  }

  @Test
  void theProcessTellsAndGivesBack() {
    assertThat(IdleMemory.PROCESS.used())
        .isPositive()
        .isLessThanOrEqualTo(IdleMemory.PROCESS.committed());
    IdleMemory.PROCESS.collect();
    IdleMemory.PROCESS.trim();
    assertThat(IdleMemory.PROCESS.used()).isPositive();
  }
}
