package io.azcp.fs.writeback;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.Size;

/**
 * Random calls, with uploads under way and kills at any point between them: after a flush the
 * service has what a map of names to contents has, and nothing else.
 */
class WritebackModelTest {
  private static final List<String> NAMES = List.of("a", "b", "c", "d/e");

  /** What is done. */
  enum Kind {
    WRITE,
    APPEND,
    RENAME,
    UNLINK,
    CHMOD,
    FLUSH,
    PAUSE,
    KILL
  }

  /** One call; {@code other} is the target of a rename. */
  record Step(Kind kind, String name, String other) {}

  @Provide
  Arbitrary<Step> steps() {
    Arbitrary<Kind> kinds =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(6, Arbitraries.just(Kind.WRITE)),
            net.jqwik.api.Tuple.of(3, Arbitraries.just(Kind.APPEND)),
            net.jqwik.api.Tuple.of(6, Arbitraries.just(Kind.RENAME)),
            net.jqwik.api.Tuple.of(3, Arbitraries.just(Kind.UNLINK)),
            net.jqwik.api.Tuple.of(2, Arbitraries.just(Kind.CHMOD)),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(Kind.FLUSH)),
            net.jqwik.api.Tuple.of(2, Arbitraries.just(Kind.PAUSE)),
            net.jqwik.api.Tuple.of(2, Arbitraries.just(Kind.KILL)));
    return Combinators.combine(kinds, Arbitraries.of(NAMES), Arbitraries.of(NAMES)).as(Step::new);
  }

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void theServiceAgreesWithTheModel(
      @ForAll @Size(min = 5, max = 30) List<@net.jqwik.api.From("steps") Step> steps)
      throws Exception {
    Path folder = Files.createTempDirectory("azcp-model");
    var volume = new Volume(folder);
    volume.options = Volume.options(false, false, java.time.Duration.ofMillis(1));
    Map<String, String> model = new TreeMap<>();
    volume.start();
    try {
      int count = 0;
      for (Step step : steps) {
        run(volume, model, step, "#" + ++count);
        assertVisible(volume, model);
      }
      volume.flushed();
      assertThat(volume.contents()).isEqualTo(model);
      assertThat(volume.writeback.recovered()).isEmpty();
      assertThat(volume.writeback.pending().lastError()).isEmpty();
    } finally {
      volume.close();
      delete(folder);
    }
  }

  private static void run(Volume volume, Map<String, String> model, Step step, String content)
      throws Exception {
    String name = step.name();
    String old = model.get(name);
    switch (step.kind()) {
      case WRITE -> {
        volume.write(name, content);
        model.put(name, content);
      }
      case APPEND -> {
        if (volume.append(name, content)) {
          model.put(name, old + content);
        } else {
          assertThat(old).isNull();
        }
      }
      case RENAME -> {
        if (old != null && !name.equals(step.other())) {
          volume.rename(name, step.other());
          model.put(step.other(), model.remove(name));
        }
      }
      case UNLINK -> {
        if (old != null) {
          volume.unlink(name);
          model.remove(name);
        }
      }
      case CHMOD -> {
        if (old != null) {
          LocalFile local = volume.local(name);
          if (local != null) {
            local.setAttributes(a -> a.withMode(a.type() | 0700));
          } else {
            volume.writeback.setAttributes(name, volume.known(name), Volume.file(0700));
          }
        }
      }
      case FLUSH -> volume.flushed();
      case PAUSE -> Thread.sleep(3);
      case KILL -> volume.restart();
    }
  }

  /** What the overlay and the service tell together is what the model has. */
  private static void assertVisible(Volume volume, Map<String, String> model) throws IOException {
    for (String name : NAMES) {
      boolean there = volume.local(name) != null || volume.known(name) != null;
      assertThat(there).as("%s is visible", name).isEqualTo(model.containsKey(name));
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(p);
      }
    }
  }
}
