package io.azcp.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.UsageException;
import io.azcp.cluster.ClusterLab.Draft;
import io.azcp.cluster.ClusterLab.Result;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run does when all goes well. */
class ClusterRunTest {
  @TempDir Path folder;

  /** Files of every kind: empty, small, of a chunk, over many chunks and not a whole number. */
  private static Map<String, Integer> fill(ClusterLab lab) throws Exception {
    var content = new TreeMap<String, Integer>();
    Map<String, Integer> sizes =
        Map.of(
            "empty", 0,
            "a/small.txt", 10,
            "a/b/other", 70_000,
            "chunk", 64 << 10,
            "large.bin", 3_000_001,
            "umläut €/x", 5_000);
    for (Map.Entry<String, Integer> e : sizes.entrySet()) {
      content.put(e.getKey(), Arrays.hashCode(lab.put(e.getKey(), e.getValue())));
    }
    for (int i = 0; i < 200; i++) {
      String name = "many/f" + i;
      content.put(name, Arrays.hashCode(lab.put(name, 100 + i)));
    }
    return content;
  }

  private static long bytes(ClusterLab lab, Map<String, Integer> content) throws Exception {
    long bytes = 0;
    for (String name : content.keySet()) {
      bytes += lab.blobs.head(ClusterLab.CONTAINER, ClusterLab.PREFIX + name).length();
    }
    return bytes;
  }

  @Test
  void bringsEveryFileToEveryNodeAndReadsItOnce() throws Exception {
    for (int ranks = 1; ranks <= 4; ranks++) {
      var lab = new ClusterLab(Files.createDirectory(folder.resolve("w" + ranks)), ranks);
      Map<String, Integer> content = fill(lab);
      Result result = lab.run(new Draft());
      assertThat(result.complaints()).isEmpty();
      assertThat(result.code()).isZero();
      for (int r = 0; r < ranks; r++) {
        assertThat(ClusterLab.tree(lab.node(r))).isEqualTo(content);
      }
      assertThat(lab.bytesRead.sum()).isEqualTo(bytes(lab, content));
      assertThat(result.out()).hasSize(6);
      assertThat(result.notes()).contains("hello rank 0/" + ranks + " from host0");
    }
  }

  @Test
  void printsSixLines() throws Exception {
    var lab = new ClusterLab(folder, 2);
    lab.put("one", 1000);
    lab.put("two", 2000);
    String number = "[0-9]+\\.[0-9]{2}";
    Result result = lab.run(new Draft());
    assertThat(String.join("\n", result.out()))
        .matches(
            "\\[list\\] 2 files, 3000 bytes T="
                + number
                + "s\n"
                + "\\[diff\\] 2 to transfer \\(0 peer, 2 azure\\), 0 skipped T="
                + number
                + "s\n"
                + "\\[download\\] 3000 bytes T="
                + number
                + "s BW="
                + number
                + " [KMG]?b/s\n"
                + "\\[bcast\\] 2 files 3000 bytes T="
                + number
                + "s BW="
                + number
                + " [KMG]?b/s\n"
                + "\\[filelist\\] skipped \\(no --save-filelist\\) T="
                + number
                + "s\n"
                + "\\[total\\] T="
                + number
                + "s");
    assertThat(result.notes())
        .contains("[shard] rank 0: 1 ranges, 2000 bytes", "[shard] rank 1: 1 ranges, 1000 bytes");
  }

  @Test
  void filesHaveTheTimesOfTheirBlobs() throws Exception {
    var lab = new ClusterLab(folder, 2);
    lab.put("small", 10);
    lab.put("large", 300_000);
    lab.run(new Draft());
    for (String name : new String[] {"small", "large"}) {
      long modified = lab.blobs.head(ClusterLab.CONTAINER, ClusterLab.PREFIX + name).lastModified();
      for (int r = 0; r < 2; r++) {
        assertThat(Files.getLastModifiedTime(lab.node(r).resolve(name)))
            .isEqualTo(FileTime.fromMillis(modified));
      }
    }
  }

  @Test
  void aSecondRunComparingSizesFetchesNothing() throws Exception {
    var lab = new ClusterLab(folder, 3);
    fill(lab);
    lab.run(new Draft());
    var draft = new Draft();
    draft.compare = Compare.SIZE;
    Result result = lab.run(draft);
    assertThat(result.code()).isZero();
    assertThat(lab.bytesRead.sum()).isZero();
    assertThat(result.out().get(1)).startsWith("[diff] 0 to transfer, 206 skipped T=");
  }

  @Test
  void whatOneRankHasComesFromThere() throws Exception {
    var lab = new ClusterLab(folder, 3);
    Map<String, Integer> content = fill(lab);
    lab.run(new Draft());
    Files.delete(lab.node(0).resolve("large.bin"));
    Files.delete(lab.node(2).resolve("large.bin"));
    Files.delete(lab.node(1).resolve("empty"));
    for (int r = 0; r < 3; r++) {
      Files.delete(lab.node(r).resolve("chunk"));
    }
    var draft = new Draft();
    draft.compare = Compare.SIZE;
    Result result = lab.run(draft);
    assertThat(result.code()).isZero();
    assertThat(result.out().get(1)).startsWith("[diff] 3 to transfer (2 peer, 1 azure), 203");
    assertThat(lab.bytesRead.sum()).isEqualTo(64 << 10);
    for (int r = 0; r < 3; r++) {
      assertThat(ClusterLab.tree(lab.node(r))).isEqualTo(content);
    }
  }

  @Test
  void aFileThatWasOnlyGivenItsSizeIsNotThere() throws Exception {
    var lab = new ClusterLab(folder, 2);
    byte[] content = lab.put("large", 300_000);
    for (int r = 0; r < 2; r++) {
      Files.createDirectories(lab.node(r));
      try (var file = new RandomAccessFile(lab.node(r).resolve("large").toFile(), "rw")) {
        file.setLength(content.length);
      }
    }
    var draft = new Draft();
    draft.compare = Compare.SIZE;
    assertThat(lab.run(draft).code()).isZero();
    for (int r = 0; r < 2; r++) {
      assertThat(lab.node(r).resolve("large")).hasBinaryContent(content);
    }
  }

  @Test
  void aFilelistOfOneRunTellsTheNextWhatChanged() throws Exception {
    var lab = new ClusterLab(folder, 2);
    lab.put("same", 5000);
    lab.put("changed", 6000);
    var first = new Draft();
    first.saveFilelist = folder.resolve("list.tsv");
    Result saved = lab.run(first);
    assertThat(saved.out().get(4)).startsWith("[filelist] wrote 2 entries T=");
    assertThat(Files.readAllLines(first.saveFilelist))
        .allMatch(line -> line.matches("set/(same|changed)\t[56]000\t20[0-9T:.-]+Z"));
    String list = Files.readString(first.saveFilelist);
    // As if the blob had been replaced by one of the same size since.
    Files.writeString(first.saveFilelist, list.replaceAll("(changed\t6000\t)20", "$119"));

    var second = new Draft();
    second.compare = Compare.FILELIST;
    second.filelist = first.saveFilelist;
    second.saveFilelist = folder.resolve("again.tsv");
    Result result = lab.run(second);
    assertThat(result.out().get(1)).startsWith("[diff] 1 to transfer (0 peer, 1 azure), 1 skipped");
    assertThat(lab.bytesRead.sum()).isEqualTo(6000);
    assertThat(Files.readString(second.saveFilelist)).isEqualTo(list);
  }

  @Test
  void aShardlistIsKeptByteForByteAndNeedsNoService() throws Exception {
    var lab = new ClusterLab(folder, 2);
    lab.put("a", 1000);
    lab.put("b", 100_000);
    lab.put("unlisted", 10);
    Path list = folder.resolve("shards.tsv");
    Files.writeString(list, "# by hand\nset/a\t1000\tWed, 1 Jan 2025\nb\t100000\n");
    var draft = new Draft();
    draft.shardlist = list.toString();
    draft.saveFilelist = folder.resolve("saved.tsv");
    Result result = lab.run(draft);
    assertThat(result.complaints()).isEmpty();
    assertThat(result.code()).isZero();
    assertThat(ClusterLab.tree(lab.node(1)).keySet()).containsExactly("a", "b");
    assertThat(Files.readString(draft.saveFilelist))
        .isEqualTo("set/a\t1000\tWed, 1 Jan 2025\nset/b\t100000\n");

    draft.compare = Compare.SIZE;
    assertThat(lab.run(draft).code()).isZero();
    assertThat(lab.requests.sum()).isZero();
  }

  @Test
  void someRanksDownloadAndAllReceive() throws Exception {
    var lab = new ClusterLab(folder, 3);
    Map<String, Integer> content = fill(lab);
    var draft = new Draft();
    draft.downloadRanks = 1;
    Result result = lab.run(draft);
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains("[shard] 1/3 ranks will download; remaining 2 ranks bcast-only")
        .hasSize(7);
    assertThat(result.notes()).contains("[shard] rank 2: 0 ranges, 0 bytes");
    for (int r = 0; r < 3; r++) {
      assertThat(ClusterLab.tree(lab.node(r))).isEqualTo(content);
    }
  }

  @Test
  void fewFilesAreDividedAmongManyRanks() throws Exception {
    for (boolean listed : new boolean[] {true, false}) {
      var lab = new ClusterLab(Files.createDirectory(folder.resolve("l" + listed)), 4);
      byte[] content = lab.put("one", 1_000_000);
      var draft = new Draft();
      draft.shardSize = 128 << 10;
      if (!listed) {
        Path list = folder.resolve("one.tsv");
        Files.writeString(list, "one\t1000000\n");
        draft.shardlist = list.toString();
      }
      Result result = lab.run(draft);
      assertThat(result.complaints()).isEmpty();
      assertThat(result.code()).isZero();
      assertThat(result.out().get(3)).startsWith("[bcast] 8 shards 1000000 bytes T=");
      assertThat(lab.bytesRead.sum()).isEqualTo(1_000_000);
      assertThat(result.notes()).contains("[shard] rank 3: 2 ranges, 213568 bytes");
      for (int r = 0; r < 4; r++) {
        assertThat(lab.node(r).resolve("one")).hasBinaryContent(content);
      }
    }
  }

  @Test
  void theLargestFileIsDividedIntoSoManyParts() throws Exception {
    var lab = new ClusterLab(folder, 2);
    lab.put("one", 1_000_000);
    lab.put("two", 500_000);
    var draft = new Draft();
    draft.fileShards = 4;
    Result result = lab.run(draft);
    assertThat(result.code()).isZero();
    assertThat(result.out().get(3)).startsWith("[bcast] 6 shards 1500000 bytes");
  }

  @Test
  void stagesGoSoFarAndBroadcastWhatIsThere() throws Exception {
    var lab = new ClusterLab(folder, 3);
    Map<String, Integer> content = fill(lab);
    var draft = new Draft();
    draft.upto = Upto.INIT;
    Result greeted = lab.run(draft);
    assertThat(greeted.out()).isEmpty();
    assertThat(greeted.notes()).hasSize(3);
    assertThat(lab.requests.sum()).isZero();
    draft.upto = Upto.LIST;
    assertThat(lab.run(draft).out()).singleElement().asString().startsWith("[list] 206 files");
    draft.upto = Upto.DOWNLOAD;
    Result downloaded = lab.run(draft);
    assertThat(downloaded.code()).isZero();
    assertThat(downloaded.out()).hasSize(3).last().asString().startsWith("[download] ");
    int kept = 0;
    for (int r = 0; r < 3; r++) {
      kept += ClusterLab.tree(lab.node(r)).size();
    }
    // The one file without a byte is in nobody's share.
    assertThat(kept).isEqualTo(205);
    draft.upto = Upto.BCAST;
    Files.createFile(lab.node(0).resolve("empty"));
    Result sent = lab.run(draft);
    assertThat(sent.complaints()).isEmpty();
    assertThat(sent.out().get(1)).startsWith("[diff] 206 to transfer (206 peer, 0 azure)");
    assertThat(lab.bytesRead.sum()).isZero();
    for (int r = 0; r < 3; r++) {
      assertThat(ClusterLab.tree(lab.node(r))).isEqualTo(content);
    }
  }

  @Test
  void optionsThatContradictEachOtherAreRefused() {
    var draft = new Draft();
    draft.shardSize = 100;
    assertThatThrownBy(() -> draft.options(folder))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("multiple of --bcast-chunk");
    draft.shardSize = 64 << 10;
    draft.fileShards = 2;
    assertThatThrownBy(() -> draft.options(folder)).hasMessageContaining("exclude each other");
    draft.fileShards = 0;
    draft.compare = Compare.FILELIST;
    assertThatThrownBy(() -> draft.options(folder)).hasMessageContaining("need each other");
  }
}
