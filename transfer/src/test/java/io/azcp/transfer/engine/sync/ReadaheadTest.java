package io.azcp.transfer.engine.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.azcp.base.AzcpException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReadaheadTest {
  @Test
  void everyEntryComesInOrder() throws IOException {
    try (EntryStream stream =
        Readahead.of(
            sink -> {
              for (int i = 0; i < 25_000; i++) {
                sink.add(Entries.file("f", i, 0));
              }
            })) {
      List<Entry> entries = Entries.read(stream);
      assertThat(entries).hasSize(25_000);
      for (int i = 0; i < entries.size(); i++) {
        assertThat(entries.get(i).length()).isEqualTo(i);
      }
      assertThat(stream.next()).isNull();
    }
  }

  @Test
  void itRunsOnlySoFarAheadAndEndsWhenNobodyReads() throws IOException {
    var told = new AtomicLong();
    var ended = new AtomicBoolean();
    EntryStream stream =
        Readahead.of(
            sink -> {
              try {
                while (true) {
                  sink.add(Entries.file("f"));
                  told.incrementAndGet();
                }
              } finally {
                ended.set(true);
              }
            });
    assertThat(stream.next()).isNotNull();
    assertThat(told.get()).isLessThan(10_000);
    stream.close();
    await().untilTrue(ended);
    assertThat(told.get()).isLessThan(20_000);
  }

  @Test
  void whatEndsTheListingIsThrownAfterWhatItTold() throws IOException {
    EntryStream stream =
        Readahead.of(
            sink -> {
              sink.add(Entries.file("a"));
              throw new IllegalStateException("a defect");
            });
    assertThat(stream.next().name()).isEqualTo("a");
    assertThatThrownBy(stream::next)
        .isInstanceOf(AzcpException.class)
        .hasMessageContaining("a defect");
    assertThatThrownBy(stream::next).isInstanceOf(AzcpException.class);
  }
}
