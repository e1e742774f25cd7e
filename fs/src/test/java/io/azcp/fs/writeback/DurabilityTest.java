package io.azcp.fs.writeback;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.config.WritePolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What survives the power loss right after a close, and what flushes wait for. */
class DurabilityTest {
  @TempDir Path folder;
  private Volume volume;

  @BeforeEach
  void start() throws IOException {
    volume = new Volume(folder).holdUploads();
    volume.keepOffDisk();
    volume.start();
  }

  @AfterEach
  void stop() {
    volume.close();
  }

  private void powerLoss() throws IOException {
    assertThat(volume.writeback.pending().operations()).isPositive();
    volume.bootId = "boot-2";
    volume.restart();
  }

  @Test
  void withoutItAClosedFileIsNotUploadedAfterAPowerLoss() throws IOException {
    volume.write("a", "perhaps torn");
    powerLoss();
    volume.flushed();
    assertThat(volume.contents()).isEmpty();
    assertThat(volume.writeback.recovered()).hasSize(1);
  }

  // semantics: durability
  @Test
  void closesThatWaitShareRoundsAndAllSurviveAPowerLoss() throws Exception {
    volume.close();
    volume.options = volume.options.with(WritePolicy.DEFAULT.withDurableClose(true));
    volume.start();
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String name = "f" + i;
      writers.add(
          CompletableFuture.runAsync(
              () -> {
                try {
                  volume.write(name, name);
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              }));
    }
    Map<String, String> expected = new TreeMap<>();
    for (int i = 0; i < 100; i++) {
      writers.get(i).get(1, TimeUnit.MINUTES);
      expected.put("f" + i, "f" + i);
    }
    powerLoss();
    volume.flushed();
    assertThat(volume.contents()).isEqualTo(expected);
    assertThat(volume.writeback.recovered()).isEmpty();
  }

  @Test
  void aFlushWaitsForAnOpenFileOnlyWhereItIsToldTo() throws Exception {
    LocalFile file = volume.begin("a", "half");
    assertThat(volume.writeback.flush("a", TimeUnit.SECONDS.toNanos(60))).isTrue();
    assertThat(volume.writeback.flush("a", true, TimeUnit.MILLISECONDS.toNanos(50))).isFalse();
    var flushed =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return volume.writeback.flush("a", true, TimeUnit.SECONDS.toNanos(60));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    Volume.put(file, 4, " and half");
    Volume.end(file);
    assertThat(flushed.get(1, TimeUnit.MINUTES)).isTrue();
    assertThat(volume.contents()).containsExactly(Map.entry("a", "half and half"));
  }
}
