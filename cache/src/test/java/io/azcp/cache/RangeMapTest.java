package io.azcp.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.base.posix.Fd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** The map against a plain set of bits, through two maps on one file. */
class RangeMapTest {
  @Property(tries = 200)
  void agreesWithASetOfBits(
      @ForAll @LongRange(min = 1, max = 300L * RangeMap.UNIT) long length,
      @ForAll @Size(max = 30) List<@IntRange(max = 299) Integer> starts,
      @ForAll @IntRange(min = 1, max = 40) int run)
      throws IOException {
    Path file = Files.createTempFile("map", "");
    int fd = Fd.open(file.toString(), Fd.O_RDWR, 0);
    try {
      Fd.truncate(fd, PartialHeader.BYTES + 300);
      var one = new RangeMap(fd, length);
      var other = new RangeMap(fd, length);
      var model = new BitSet();
      int units = one.units();
      for (int start : starts) {
        int from = start % units;
        int to = Math.min(units, from + run);
        one.mark(from, to);
        model.set(from, to);
      }
      boolean news = other.refresh(0, units);
      assertThat(news).isEqualTo(!model.isEmpty());
      for (RangeMap map : List.of(one, other, new RangeMap(fd, length))) {
        agree(map, model);
      }
    } finally {
      Fd.close(fd);
      Files.delete(file);
    }
  }

  private static void agree(RangeMap map, BitSet model) {
    int units = map.units();
    long bytes = 0;
    for (int u = 0; u < units; u++) {
      assertThat(map.present(u, u + 1)).isEqualTo(model.get(u));
      assertThat(map.nextAbsent(u, units)).isEqualTo(Math.min(units, model.nextClearBit(u)));
      int next = model.nextSetBit(u);
      assertThat(map.nextPresent(u, units)).isEqualTo(next < 0 ? units : next);
      bytes += model.get(u) ? map.offset(u + 1) - map.offset(u) : 0;
    }
    assertThat(map.presentBytes()).isEqualTo(bytes);
    int half = units / 2;
    assertThat(map.presentBytes(map.offset(half), map.length()))
        .isEqualTo((long) model.get(half, units).cardinality() * RangeMap.UNIT);
    assertThat(map.complete()).isEqualTo(model.cardinality() == units);
  }
}
