package io.azcp.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** How bytes come into a cache folder and out of it. */
abstract class ReadContract extends CacheContract {
  @Test
  void aColdFileIsFetchedAndPublishedUnderItsName() throws IOException {
    byte[] content = content(1, 3 * MIB + 77);
    BlobVersion version = source.put("dir/file.bin", content);
    CachedFile file = open("dir/file.bin", version);
    assertThat(file.whole()).isFalse();
    assertSame(Fault.readAll(file), content);
    assertThat(file.whole()).isTrue();
    assertThat(cache.isWhole("dir/file.bin", version)).isTrue();
    assertThat(cache.wholeVersion("dir/file.bin")).contains(version);
    assertSame(onDisk("dir/file.bin"), content);
    assertThat(source.requests()).hasSize(1);
  }

  @Test
  void aWholeFileIsServedWithoutTheSource() throws IOException {
    byte[] content = content(2, 100_000);
    BlobVersion version = source.put("f", content);
    fetchWhole("f", version);
    CachedFile again = open("f", version);
    assertThat(again.whole()).isTrue();
    assertThat(again.presentBytes()).isEqualTo(100_000);
    assertSame(Fault.readAll(again), content);
    assertThat(source.bytesFetched).hasValue(100_000);
  }

  @Test
  void anEmptyFileIsWholeAtOnce() throws IOException {
    BlobVersion version = source.put("empty", new byte[0]);
    CachedFile file = open("empty", version);
    assertThat(file.whole()).isTrue();
    assertThat(cache.isWhole("empty", version)).isTrue();
    Fault.of(file, 0, 10).await();
    assertThat(source.requests()).isEmpty();
  }

  // semantics: open
  @Test
  void aRandomReadFetchesItsUnitsOnly() throws IOException {
    byte[] content = content(3, 40 * MIB);
    BlobVersion version = source.put("big", content);
    CachedFile file = open("big", version);
    int at = 33 * MIB + 5;
    assertSame(Fault.read(file, at, 4096), java.util.Arrays.copyOfRange(content, at, at + 4096));
    awaitIdle();
    assertThat(source.bytesFetched.get()).isEqualTo(RangeMap.UNIT);
    assertThat(file.present(at, 4096)).isTrue();
    assertThat(file.present(0, 1)).isFalse();
    assertThat(file.presentBytes()).isEqualTo(RangeMap.UNIT);
    assertThat(cache.presentBytes("big", version)).isEqualTo(RangeMap.UNIT);
    assertThat(cache.isWhole("big", version)).isFalse();
  }

  @Test
  void aSequentialReaderIsReadAheadAndNothingIsFetchedTwice() throws IOException {
    byte[] content = content(4, 40 * MIB + 3);
    BlobVersion version = source.put("big", content);
    CachedFile file = open("big", version);
    for (int at = 0; at < content.length; at += 128 << 10) {
      int n = Math.min(128 << 10, content.length - at);
      assertSame(Fault.read(file, at, n), java.util.Arrays.copyOfRange(content, at, at + n));
    }
    assertThat(file.whole()).isTrue();
    assertThat(source.bytesFetched).hasValue(content.length);
    // How many depends on how often the reader waits; without a window each read is a request.
    int reads = (content.length >> 17) + 1;
    assertThat(source.requests().size()).isLessThan(reads * 3 / 4);
  }

  @Test
  void waitersAreAnsweredWhenTheirOwnBytesAreThere() throws IOException {
    byte[] content = content(5, 20 * MIB);
    BlobVersion version = source.put("big", content);
    CachedFile file = open("big", version);
    var gate = new CountDownLatch(1);
    source.hold(gate);
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      faults.add(Fault.of(file, (i % 20) * (long) MIB, 5000));
    }
    assertThat(faults).noneMatch(Fault::answered);
    gate.countDown();
    for (Fault fault : faults) {
      fault.await();
    }
  }

  @Test
  void aReadWaitsWhileTheServiceFailsAndThenSucceeds() throws IOException {
    byte[] content = content(7, 6 * MIB);
    BlobVersion version = source.put("f", content);
    CachedFile file = open("f", version);
    source.failNext(2);
    assertSame(
        Fault.read(file, 5 * MIB, 9), java.util.Arrays.copyOfRange(content, 5 * MIB, 5 * MIB + 9));
    assertThat(source.requests()).hasSize(3);
  }

  @Test
  void aReadBeyondItsBudgetNamesTheBlobAndTheNextOneSucceeds() throws IOException {
    byte[] content = content(7, 6 * MIB);
    BlobVersion version = source.put("f", content);
    cache.close();
    cache = openAgain(options(folder()).withFaultBudget(Duration.ofMillis(100)));
    CachedFile file = open("f", version);
    source.failNext(Integer.MAX_VALUE);
    // On a busy machine a budget may end before the first request does, or before all has come.
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> Fault.of(file, 5 * MIB, 9).await())
                    .isInstanceOfSatisfying(
                        AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EIO))
                    .hasMessageContaining("Reading f was given up")
                    .hasMessageContaining("the test said so"));
    assertThat(file.present(5 * MIB, 9)).isFalse();
    source.failNext(0);
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptionsInstanceOf(AzcpException.class)
        .untilAsserted(() -> assertSame(Fault.readAll(file), content));
  }

  @Test
  void aReadThatNobodyAnswersEndsWithItsBudgetAndTheFetchGoesOn() throws IOException {
    byte[] content = content(7, 6 * MIB);
    BlobVersion version = source.put("f", content);
    cache.close();
    cache = openAgain(options(folder()).withFaultBudget(Duration.ofMillis(100)));
    CachedFile file = open("f", version);
    var gate = new CountDownLatch(1);
    source.hold(gate);
    assertThatThrownBy(() -> Fault.of(file, 5 * MIB, 9).await())
        .hasMessageContaining("the service does not answer");
    gate.countDown();
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> file.present(5 * MIB, 9));
    assertThat(source.requests()).hasSize(1);
  }

  // semantics: open
  @Test
  void theFirstReadOfABigFileIsOneSmallRequest() throws IOException {
    BlobVersion version = source.put("big", content(4, 40 * MIB));
    CachedFile file = open("big", version);
    Fault.read(file, 0, 1);
    awaitIdle();
    assertThat(source.requests()).hasSize(1);
    assertThat(source.bytesFetched.get()).isLessThanOrEqualTo(512 << 10);
  }

  @Test
  void aBodyCutShortIsAnErrorAndWhatCameIsKept() throws IOException {
    byte[] content = content(8, 6 * MIB);
    BlobVersion version = source.put("f", content);
    CachedFile file = open("f", version);
    source.cutAfter(MIB);
    assertThatThrownBy(() -> Fault.of(file, 0, 6 * MIB, false).await())
        .isInstanceOf(AzcpException.class);
    awaitIdle();
    assertThat(file.presentBytes()).as("of each of two fetches").isEqualTo(2 * MIB);
    source.cutAfter(Long.MAX_VALUE);
    assertSame(Fault.readAll(file), content);
    assertThat(source.bytesFetched).hasValue(content.length);
  }

  @Test
  void closingTheLastHandleAnswersWhoStillWaits() throws IOException {
    BlobVersion version = source.put("f", content(46, 20 * MIB));
    CachedFile file = open("f", version);
    var gate = new CountDownLatch(1);
    source.hold(gate);
    Fault fault = Fault.of(file, 0, 20 * MIB, false);
    file.close();
    assertThatThrownBy(fault::await)
        .isInstanceOfSatisfying(
            AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ECANCELED));
    gate.countDown();
  }
}
