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
import java.util.concurrent.atomic.AtomicLong;
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
  private final AtomicLong clock = new AtomicLong();

  @BeforeEach
  void open() throws IOException {
    fd = Fd.open(temporary.resolve("map").toString(), Fd.O_RDWR | Fd.O_CREAT, 0600);
    Fd.truncate(fd, PartialHeader.BYTES + LENGTH / UNIT);
    map = new RangeMap(fd, LENGTH);
    faults = new Faults(map, new Queue(), TimeUnit.MINUTES.toNanos(1), clock::get);
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
    faults.resume();
    assertThat(queued).isEmpty();
    clock.addAndGet(Faults.PAUSE_NANOS);
    faults.resume();
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

  /** So many seconds pass, and who waited for too long is told. */
  private void pass(int seconds) {
    clock.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    faults.expire("dir/blob");
  }

  @Test
  void onlyWaitsWithoutProgressExpire() throws IOException {
    Told told = read(0, 100);
    Told fed = read(UNIT, 3 * UNIT);
    var background = new Told();
    faults.ensure(9 * UNIT, 9 * UNIT + 1, 9 * UNIT + 1, false, background);
    pass(59);
    bring(1, 2);
    assertThat(told.what).isEqualTo("nothing");
    pass(2);
    assertThat(told.what).contains("dir/blob").contains("given up");
    assertThat(fed.what).as("its last byte came two seconds ago").isEqualTo("nothing");
    pass(59);
    assertThat(fed.what).contains("given up");
    assertThat(background.what).isEqualTo("nothing");
    bring(9, 10);
    assertThat(background.what).isEqualTo("ready");
  }

  @Test
  void failuresAreNoProgress() {
    Told told = read(0, 100);
    for (int second = 0; second < 61; second++) {
      assertThat(told.what).isEqualTo("nothing");
      faults.resume();
      faults.failed(queued.remove(0), new AzcpException(Errno.EIO, "no connection"), true);
      pass(1);
    }
    assertThat(told.what).contains("dir/blob").contains("no connection");
  }

  @Test
  void aReadRightAfterOneThatWasGivenUpWaitsSecondsUntilBytesComeAgain() throws IOException {
    read(0, 100);
    pass(61);
    Told again = read(0, 100);
    pass(4);
    assertThat(again.what).isEqualTo("nothing");
    pass(2);
    assertThat(again.what).contains("given up");
    pass(3);
    Told later = read(0, 100);
    pass(59);
    assertThat(later.what).as("nobody was given up a moment ago").isEqualTo("nothing");
    pass(2);
    assertThat(later.what).contains("given up");
    bring(7, 8);
    Told back = read(0, 100);
    pass(59);
    assertThat(back.what).as("bytes came since").isEqualTo("nothing");
  }
}
