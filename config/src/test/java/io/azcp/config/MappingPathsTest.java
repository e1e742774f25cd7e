package io.azcp.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.config.MappingPaths.Place;
import io.azcp.config.MappingPaths.Tree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappingPathsTest {
  @TempDir Path dir;
  private Environment environment;
  private Mapping mapping;

  @BeforeEach
  void load() throws IOException {
    ConfigFolder folder =
        ConfigFolder.withAccount(dir)
            .rules(
                """
                - {local: data/special, remote: s, cache: c/s, storage_account: acc}
                - {local: data, remote: azfuse_data, cache: c/d, storage_account: acc}
                - {local: ~/models, remote: '', cache: c/m, storage_account: acc}
                - {local: /abs/x, remote: x, cache: c/x, storage_account: acc}
                """);
    environment = folder.environment();
    mapping = folder.load();
  }

  private Place resolve(String path) {
    return new MappingPaths(environment, Optional.of(mapping), List.of()).resolve(path);
  }

  @ParameterizedTest
  @CsvSource({
    "data/abc.txt, data, abc.txt, azfuse_data/abc.txt",
    "./data//sub/../abc.txt, data, abc.txt, azfuse_data/abc.txt",
    "data, data, '', azfuse_data",
    "data/, data, '', azfuse_data",
    "data/special, data/special, '', s",
    "data/special/x/, data/special, x, s/x",
    "data/specialist, data, specialist, azfuse_data/specialist",
    "~/models/m.pt, ~/models, m.pt, m.pt",
    "/home/someone/models/m.pt, ~/models, m.pt, m.pt",
    "/abs/x/y/z, /abs/x, y/z, x/y/z",
    "data/ü ber/*.jpg, data, ü ber/*.jpg, azfuse_data/ü ber/*.jpg",
  })
  void matchesWholeComponentsInOrder(String path, String local, String relative, String blob) {
    assertThat(resolve(path))
        .isInstanceOfSatisfying(
            Place.Mapped.class,
            place -> {
              assertThat(place.rule().local()).isEqualTo(local);
              assertThat(place.relative()).isEqualTo(relative);
              assertThat(place.blobName()).isEqualTo(blob);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "data2/abc.txt, %/data2/abc.txt",
    "datax, %/datax",
    "/abs, /abs",
    "/abs/xy, /abs/xy",
    "data/../other, %/other",
    "~/other, /home/someone/other",
  })
  void leavesEveryOtherPathToTheLocalDisk(String path, String absolute) {
    assertThat(resolve(path)).isEqualTo(new Place.Local(absolute.replace("%", dir.toString())));
  }

  @Test
  void matchesAbsolutePathsOfTheWorkingDirectory() {
    assertThat(resolve(dir + "/data/a")).isInstanceOf(Place.Mapped.class);
  }

  @Test
  void matchesPathsBelowALiveMountByTheMountsOwnRules() {
    MappingRule root = mapping.rules().get(1);
    MappingRule whole = withLocal(root, ".");
    Tree mount = new Tree("/mnt/blob", new Mapping("mounted.yaml", List.of(whole)));
    MappingPaths paths = new MappingPaths(environment, Optional.of(mapping), List.of(mount));
    assertThat(paths.resolve("/mnt/blob/a/b")).isEqualTo(new Place.Mapped(whole, "a/b", mount));
    assertThat(paths.resolve("/mnt/blob")).isEqualTo(new Place.Mapped(whole, "", mount));
    assertThat(paths.resolve("/mnt/blobs/a")).isEqualTo(new Place.Local("/mnt/blobs/a"));
    assertThat(paths.resolve("data/a"))
        .isInstanceOfSatisfying(
            Place.Mapped.class, place -> assertThat(place.tree().mapping()).isSameAs(mapping));
  }

  @Test
  void findsRulesOfALiveMountBelowItsFolder() {
    Tree mount = new Tree("/mnt/blob", mapping);
    MappingPaths paths = new MappingPaths(environment, Optional.empty(), List.of(mount));
    assertThat(paths.resolve("/mnt/blob/data/special/f"))
        .isEqualTo(new Place.Mapped(mapping.rules().get(0), "f", mount));
    assertThat(paths.resolve("/mnt/blob/elsewhere"))
        .isEqualTo(new Place.Local("/mnt/blob/elsewhere"));
    assertThat(paths.resolve("data/f")).isEqualTo(new Place.Local(dir + "/data/f"));
  }

  private static MappingRule withLocal(MappingRule rule, String local) {
    return new MappingRule(
        local,
        rule.remote(),
        rule.cache(),
        rule.account(),
        rule.closeRemote(),
        rule.fsyncRemote(),
        rule.readOnly(),
        rule.specialFiles(),
        rule.uploadDelay(),
        rule.attrTtl(),
        rule.consistency(),
        rule.writing(),
        rule.cacheLimitBytes(),
        rule.origin());
  }
}
