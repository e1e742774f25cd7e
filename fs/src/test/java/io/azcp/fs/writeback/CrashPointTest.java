package io.azcp.fs.writeback;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The process dies at each of its journal records in turn, just before or just after it is written.
 * Whatever was answered is in the service after the next session; the call under way may or may not
 * have happened.
 */
class CrashPointTest {
  @TempDir Path folder;

  /** Something done to the volume. */
  private interface Call {
    void run(Volume volume) throws IOException;
  }

  /** One call of the story, and what it does to the names. */
  private record Step(Call call, Consumer<Map<String, String>> effect) {}

  private static final List<Step> STORY =
      List.of(
          new Step(v -> v.write("a", "A1"), m -> m.put("a", "A1")),
          new Step(CrashPointTest::flush, m -> {}),
          new Step(v -> v.rename("a", "b"), m -> m.put("b", m.remove("a"))),
          new Step(v -> v.write("b.tmp", "B2"), m -> m.put("b.tmp", "B2")),
          new Step(v -> v.rename("b.tmp", "b"), m -> m.put("b", m.remove("b.tmp"))),
          new Step(CrashPointTest::flush, m -> {}),
          new Step(v -> v.append("b", "+"), m -> m.merge("b", "+", String::concat)),
          new Step(v -> v.rename("b", "c"), m -> m.put("c", m.remove("b"))),
          new Step(v -> v.write("d", "D"), m -> m.put("d", "D")),
          new Step(CrashPointTest::flush, m -> {}),
          new Step(v -> v.rename("c", "e"), m -> m.put("e", m.remove("c"))),
          new Step(v -> v.unlink("d"), m -> m.remove("d")),
          new Step(CrashPointTest::flush, m -> {}));

  private static void flush(Volume volume) {
    try {
      while (!volume.sessions.died()
          && !volume.writeback.flush("", Duration.ofMillis(50).toNanos())) {
        assertThat(volume.writeback.pending().operations()).isPositive();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  // semantics: crash
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyRecordInTurn(boolean written) throws IOException {
    int died = 0;
    for (int at = 1; at <= 45; at++) {
      if (diesAt(folder.resolve("run-" + at), at, written)) {
        died++;
      }
    }
    assertThat(died).as("runs that died inside the story").isGreaterThan(20);
  }

  @ParameterizedTest
  @CsvSource({"1, true", "2, true", "3, true", "2, false", "3, false"})
  void twiceInTheTakeover(int at, boolean written) throws IOException {
    try (var volume = new Volume(folder).holdUploads().start()) {
      volume.write("a", "A");
      volume.write("x", "X");
      volume.rename("x", "y");
      volume.kill();
      volume.sessions.dieInNext(at, written);
      boolean died = false;
      try {
        volume.start();
      } catch (IOException dead) {
        died = true;
        volume.sessions.kill();
      }
      assertThat(died || at > 1).isTrue();
      if (died) {
        volume.start();
      } else {
        volume.restart();
      }
      volume.flushed();
      assertThat(volume.contents()).containsOnly(Map.entry("a", "A"), Map.entry("y", "X"));
      assertThat(volume.writeback.recovered()).isEmpty();
    }
  }

  private static boolean diesAt(Path folder, int at, boolean written) throws IOException {
    java.nio.file.Files.createDirectories(folder);
    var volume = new Volume(folder);
    volume.options = Volume.options(false, false, Duration.ofHours(1));
    volume.start();
    Map<String, String> before = new TreeMap<>();
    Map<String, String> after = new TreeMap<>();
    boolean died = false;
    try {
      volume.sessions.dieAt(at, written);
      for (Step step : STORY) {
        before = new TreeMap<>(after);
        step.effect().accept(after);
        died = !answered(step, volume);
        if (died) {
          break;
        }
      }
      volume.restart();
      volume.flushed();
      assertThat(volume.contents()).as("killed at %d", at).isIn(before, after);
      assertThat(volume.contents().keySet()).noneMatch(n -> n.contains("conflict"));
    } finally {
      volume.close();
    }
    return died;
  }

  /** Runs a call; false when the process died meanwhile. */
  private static boolean answered(Step step, Volume volume) {
    try {
      step.call().run(volume);
    } catch (IOException dead) {
      assertThat(volume.sessions.died()).as(dead.getMessage()).isTrue();
    }
    return !volume.sessions.died();
  }
}
