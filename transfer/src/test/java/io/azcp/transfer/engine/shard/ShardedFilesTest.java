package io.azcp.transfer.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardedFilesTest {
  @TempDir Path folder;

  private record File(String name, long size) {}

  private static List<File> files(Object... namesAndSizes) {
    List<File> files = new ArrayList<>();
    for (int i = 0; i < namesAndSizes.length; i += 2) {
      long size = ((Number) namesAndSizes[i + 1]).longValue();
      files.add(new File((String) namesAndSizes[i], size));
    }
    return files;
  }

  private List<String> names(List<File> files, Shard.Bins bins) throws IOException {
    List<String> names = new ArrayList<>();
    try (var sharded = new ShardedFiles(folder)) {
      for (File file : files) {
        sharded.add(file.name, file.size);
      }
      sharded.each(bins, (name, size, attributes) -> names.add(name));
    }
    return names;
  }

  private List<List<String>> shards(List<File> files, int count) throws IOException {
    List<List<String>> shards = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      shards.add(names(files, new Shard(i, count).bins(1)));
    }
    return shards;
  }

  /** Sorted e9 d7 b5 a4 c4: e→0 d→1 b→1(12) a→0(13) c→1(16). */
  @Test
  void largestFirstToTheLeastLoaded() throws IOException {
    List<File> files = files("a", 4, "b", 5, "c", 4, "d", 7, "e", 9);
    assertThat(shards(files, 2)).containsExactly(List.of("a", "e"), List.of("b", "c", "d"));
  }

  /** Sorted c10 a6 b6 d5 e5 f1: c→0 a→1 b→2 d→1(11) e→2(11) f→0(11). */
  @Test
  void threeBins() throws IOException {
    List<File> files = files("f", 1, "e", 5, "d", 5, "c", 10, "b", 6, "a", 6);
    assertThat(shards(files, 3))
        .containsExactly(List.of("f", "c"), List.of("d", "a"), List.of("e", "b"));
  }

  @Test
  void equalSizesGoByNameAndEqualLoadsToTheLowestBin() throws IOException {
    List<File> files = files("d", 1, "b", 1, "c", 1, "a", 1);
    assertThat(shards(files, 2)).containsExactly(List.of("c", "a"), List.of("d", "b"));
  }

  /** An empty file adds no load, so the next one goes to the same bin. */
  @Test
  void emptyFilesPileUpInTheFirstBin() throws IOException {
    List<File> files = files("a", 0, "b", 0, "c", 0, "d", 3);
    assertThat(shards(files, 2)).containsExactly(List.of("d"), List.of("a", "b", "c"));
  }

  @Test
  void namesAreComparedByTheirBytesInUtf8() throws IOException {
    String supplementary = "\uD83D\uDE00";
    String privateUse = "\uE000";
    List<File> files = files(supplementary, 1, privateUse, 1);
    assertThat(shards(files, 2)).containsExactly(List.of(privateUse), List.of(supplementary));
  }

  @Test
  void moreShardsThanFilesLeavesSomeEmpty() throws IOException {
    assertThat(shards(files("a", 1), 3)).containsExactly(List.of("a"), List.of(), List.of());
  }

  @Test
  void workersOwnTheirBinsOfAllShards() throws IOException {
    List<File> files = files("a", 8, "b", 7, "c", 6, "d", 5, "e", 4, "f", 3, "g", 2, "h", 1);
    List<String> workers = names(files, new Shard(1, 2).bins(2));
    List<String> single = new ArrayList<>(names(files, new Shard.Bins(2, 1, 4)));
    single.addAll(names(files, new Shard.Bins(3, 1, 4)));
    assertThat(workers).containsExactlyInAnyOrderElementsOf(single).isSorted();
    assertThat(workers).containsExactly("c", "d", "e", "f");
  }

  @Test
  void shardsAreTheSameWhateverTheOrderOfTheListing() throws IOException {
    Random random = new Random(7);
    List<File> files = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      files.add(new File("d" + i % 13 + "/" + i, random.nextInt(40)));
    }
    Map<String, Integer> first = whose(files);
    Collections.shuffle(files, random);
    assertThat(whose(files)).isEqualTo(first).hasSize(5000);
  }

  private Map<String, Integer> whose(List<File> files) throws IOException {
    Map<String, Integer> whose = new TreeMap<>();
    List<List<String>> shards = shards(files, 4);
    for (int i = 0; i < 4; i++) {
      for (String name : shards.get(i)) {
        assertThat(whose.put(name, i)).isNull();
      }
    }
    return whose;
  }

  @Test
  void manyNamesLieInAFileWithoutAName() throws IOException {
    String padding = "x".repeat(200);
    int count = 3 * Spool.IN_MEMORY / 200;
    try (var sharded = new ShardedFiles(folder)) {
      for (int i = 0; i < count; i++) {
        sharded.add(padding + i, i, "etag" + i, "");
      }
      assertThat(sharded.count()).isEqualTo(count);
      assertThat(folder).isEmptyDirectory();
      int[] seen = {0};
      sharded.each(
          new Shard.Bins(0, 1, 1),
          (name, size, attributes) -> {
            int i = seen[0]++;
            if (i % 1000 == 0) {
              assertThat(name).isEqualTo(padding + i);
              assertThat(size).isEqualTo(i);
              assertThat(attributes).containsExactly("etag" + i, "");
            }
          });
      assertThat(seen[0]).isEqualTo(count);
    }
  }

  @Test
  void manyNamesNeedTheFolder() throws IOException {
    Path absent = folder.resolve("absent");
    String name = "x".repeat(1 << 10);
    try (var sharded = new ShardedFiles(absent)) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i <= Spool.IN_MEMORY >> 10; i++) {
                  sharded.add(name, i);
                }
              })
          .isInstanceOf(AzcpException.class)
          .hasMessageContaining(absent.toString())
          .hasMessageContaining("--job-dir");
    }
  }
}
