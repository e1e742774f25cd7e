package io.azcp.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.cache.CachedFile.FaultListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is answered when, without threads. */
class FaultsTest {
  private static final int UNIT = RangeMap.UNIT;
  private static final long LENGTH = 64L << 20;

  @TempDir Path temporary;
  private int fd;
  private RangeMap map;
  private Faults faults;
  private final List<Fetch> queued = new ArrayList<>();

  @BeforeEach
  void open() throws IOException {
    fd = Fd.open(temporary.resolve("map").toString(), Fd.O_RDWR | Fd.O_CREAT, 0600);
    Fd.truncate(fd, PartialHeader.BYTES + LENGTH / UNIT);
    map = new RangeMap(fd, LENGTH);
    faults = new Faults(map, new Queue(), TimeUnit.MINUTES.toNanos(1));
  }

  @AfterEach
  void close() {
    Fd.close(fd);
  }

  private final class Queue implements Faults.Starter {
    @Override
    public Fetch make(int from, int to) {
      return new Fetch(null, from, to);
    }

    @Override
    public void queue(Fetch fetch, boolean urgent) {
      if (!queued.contains(fetch)) {
        queued.add(fetch);
      }
    }
  }

  /** Notes what it is told. */
  private static final class Told implements FaultListener {
    private String what = "nothing";

    @Override
    public void ready() {
      what = "ready";
    }

    @Override
    public void failed(AzcpException reason) {
      what = reason.getMessage();
    }
  }

  private Told read(long offset, long length) {
    var told = new Told();
    faults.ensure(offset, offset + length, offset + length, true, told);
    return told;
  }

  private void bring(int from, int to) throws IOException {
    map.mark(from, to);
    faults.arrived(from, to);
  }

  @Test
  void aWaitIsAnsweredByItsOwnBytesWithinAUnit() throws IOException {
    Told first = read(10, 90);
    Told later = read(10, 5000);
    Told over = read(UNIT - 10, 20);
    faults.arrivedWithin(0, 4096);
    assertThat(List.of(first.what, later.what, over.what))
        .containsExactly("ready", "nothing", "nothing");
    faults.arrivedWithin(0, 60_000);
    assertThat(later.what).isEqualTo("ready");
    faults.arrivedWithin(1, UNIT + 4096);
    assertThat(over.what).as("its first bytes are missing").isEqualTo("nothing");
    bring(0, 1);
    faults.arrivedWithin(1, UNIT + 4096);
    assertThat(over.what).isEqualTo("ready");
  }

  @Test
  void aFetchGoesOnBehindWhatIsWaitedFor() {
    faults.ensure(0, 100, 20 * UNIT, true, new Told());
    assertThat(queued).singleElement().extracting(Fetch::to).isEqualTo(20);
    faults.ensure(5 * UNIT, 5 * UNIT + 1, 5 * UNIT + 1, true, new Told());
    assertThat(queued).as("under way already").hasSize(1);
  }

  @Test
  void whatMayPassIsRepeatedAndWhatMayNotIsTold() {
    Told told = read(0, 100);
    Fetch fetch = queued.remove(0);
    assertThat(faults.failed(fetch, new AzcpException(Errno.EIO, "busy"), true)).isTrue();
    assertThat(told.what).isEqualTo("nothing");
    assertThat(queued).as("only after a pause").isEmpty();
    org.awaitility.Awaitility.await()
        .until(
            () -> {
              faults.resume();
              return !queued.isEmpty();
            });
    assertThat(faults.failed(queued.remove(0), new AzcpException(Errno.EACCES, "no"), false))
        .isFalse();
    assertThat(told.what).isEqualTo("no");
  }

  @Test
  void aReadAheadThatFailsIsForgotten() {
    faults.prefetch(0, 100);
    Fetch fetch = queued.remove(0);
    assertThat(faults.failed(fetch, new AzcpException(Errno.EIO, "busy"), true)).isFalse();
    faults.resume();
    assertThat(queued).isEmpty();
    assertThat(faults.idle()).isTrue();
  }

  @Test
  void onlyWaitsWithoutProgressExpire() throws IOException {
    faults = new Faults(map, new Queue(), 0);
    Told told = read(0, 100);
    var background = new Told();
    faults.ensure(UNIT, UNIT + 1, UNIT + 1, false, background);
    org.awaitility.Awaitility.await()
        .until(
            () -> {
              faults.expire("dir/blob");
              return !told.what.equals("nothing");
            });
    assertThat(told.what).contains("dir/blob").contains("given up");
    assertThat(background.what).isEqualTo("nothing");
    bring(1, 2);
    assertThat(background.what).isEqualTo("ready");
  }
}
