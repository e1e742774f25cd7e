package io.azcp.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.base.posix.Files;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a folder may hold, and which uses are noted. */
class CapacityTest {
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;

  @TempDir Path temporary;

  @Test
  void theFloorIsATwentiethOfTheDiskWithinBounds() {
    assertThat(Capacity.floor(1000 * GIB, 800 * GIB)).isEqualTo(50 * GIB);
    assertThat(Capacity.floor(60 * GIB, 50 * GIB)).isEqualTo(4 * GIB);
    assertThat(Capacity.floor(20 * GIB, 20 * GIB)).as("a small disk").isEqualTo(2 * GIB);
    assertThat(Capacity.floor(100 * MIB, 100 * MIB)).isEqualTo(10 * MIB);
    assertThat(Capacity.floor(1000 * GIB, 6 * GIB)).as("a full disk").isEqualTo(3 * GIB);
    assertThat(Capacity.floor(1000 * GIB, 0)).isZero();
  }

  @Test
  void whatWaitsToBeUploadedTakesFromTheLimit() throws IOException {
    CacheOptions options = CacheOptions.of(temporary + "/c", "x").withLimit(10 * MIB);
    Layout layout = Layout.prepare(options.folder());
    String session = layout.state("dirty") + "/s";
    Files.mkdirs(session, 0700);
    java.nio.file.Files.write(Path.of(session, "1.data"), new byte[3 << 20]);
    var capacity = new Capacity(layout, options, new Occupancy(layout.state("locks")));
    assertThat(capacity.bytes()).isEqualTo(7 * MIB - 10 * MIB / 50);
    capacity.dirtied(MIB);
    assertThat(capacity.bytes()).isEqualTo(6 * MIB - 10 * MIB / 50);
  }

  @Test
  void aUseIsNotedWhenItIsNewsForTheOrderOfEviction() {
    var now = new AtomicLong(TimeUnit.DAYS.toNanos(1));
    var recency = new Recency(now::get);
    long start = now.get();
    now.addAndGet(TimeUnit.HOURS.toNanos(1));
    assertThat(recency.worthNoting(now.get() - TimeUnit.SECONDS.toNanos(59))).isFalse();
    assertThat(recency.worthNoting(now.get() - TimeUnit.SECONDS.toNanos(61))).isTrue();
    recency.oldest(now.get() - TimeUnit.SECONDS.toNanos(16));
    assertThat(recency.worthNoting(now.get() - TimeUnit.MILLISECONDS.toNanos(900))).isFalse();
    assertThat(recency.worthNoting(now.get() - TimeUnit.MILLISECONDS.toNanos(1100))).isTrue();
    assertThat(recency.worthNoting(now.get() + 1)).as("a clock set back").isTrue();
    assertThat(start).isLessThan(now.get());
  }
}
