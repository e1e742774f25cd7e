package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.AzuriteServer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The command line of a cluster, on a machine that is alone: without a launcher of MPI. */
class ClusterCommandTest extends MappedCommandsCase {
  private String source() {
    AzuriteServer azurite = AzuriteServer.shared();
    cli.with("AZURE_STORAGE_ACCOUNT", azurite.account()).with("AZURE_STORAGE_KEY", azurite.key());
    return azurite.endpoint() + "/" + name + "/pre";
  }

  private static String[] command(String... args) {
    List<String> words = new ArrayList<>(List.of(args));
    words.add(0, "cluster");
    return words.toArray(String[]::new);
  }

  /** A run that ends well; what it says on standard error is no complaint. */
  private CliRunner.Result cluster(String... args) {
    CliRunner.Result result = cli.run(command(args));
    assertThat(result.err()).doesNotContain("azcp:");
    assertThat(result.code()).isZero();
    return result;
  }

  private void assertRefused(String why, String... args) throws IOException {
    CliRunner.Result result = cli.run(args);
    assertThat(result.err()).contains(why);
    assertThat(result.out()).isEmpty();
    assertThat(result.code()).isEqualTo(2);
  }

  @Test
  void bringsFilesAndPrintsSixLines() throws Exception {
    put("a/one", "1");
    put("two", "22");
    CliRunner.Result result = cluster(source(), "out", "--no-progress");
    assertThat(result.lines()).hasSize(6);
    assertThat(result.lines().get(0)).startsWith("[list] 2 files, 3 bytes T=");
    assertThat(result.err())
        .startsWith("hello rank 0/1 from ")
        .endsWith("[shard] rank 0: 2 ranges, 3 bytes\n");
    assertThat(dir.resolve("out/a/one")).hasContent("1");
    assertThat(dir.resolve("out/two")).hasContent("22");
    try (var left = Files.list(dir.resolve("out"))) {
      assertThat(left.map(p -> p.getFileName().toString())).containsOnly("a", "two");
    }
    CliRunner.Result again = cluster(source(), "out", "--compare", "size");
    assertThat(again.lines().get(1)).startsWith("[diff] 0 to transfer, 2 skipped T=");
  }

  @Test
  void aListNeedsNoUrlWhereNothingIsMissing() throws Exception {
    file("out/a", "1");
    file("list", "a\t1\n");
    String[] words = {"elsewhere", "out", "--shardlist", "list", "--compare", "size"};
    assertThat(cluster(words).lines()).hasSize(6);
    Files.delete(dir.resolve("out/a"));
    CliRunner.Result missing = cli.run(command(words));
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err()).contains("'elsewhere' is no URL of a container or blob");
  }

  @Test
  void theSourceMayBeOneBlob() throws Exception {
    put("one", "1");
    cluster(source() + "/one", "out", "--save-filelist", "list.tsv");
    assertThat(dir.resolve("out/one")).hasContent("1");
    assertThat(Files.readString(dir.resolve("list.tsv"))).startsWith("pre/one\t1\t20");
  }

  @Test
  void programsGetObjects() throws Exception {
    put("one", "1");
    CliRunner.Result result = cluster(source(), "out", "--output-type", "json");
    assertThat(result.lines())
        .hasSize(6)
        .allMatch(line -> line.startsWith("{\"type\":\"cluster\",\"stage\":\""));
  }

  @Test
  void fillsTheCacheAsAPreparationDoes() throws Exception {
    put("d/one", "1");
    put("d/two", "22");
    put("other", "333");
    String rules = "aux_data/configs/azfuse.yaml";
    CliRunner.Result result = cluster("--config", rules, "data/d", "data/other", "data/d/one");
    assertThat(result.lines().get(0)).startsWith("[list] 3 files, 6 bytes");
    assertThat(cached("d/two")).hasContent("22");
    assertThat(done(cli.run("prepare", "--check", "data")).out())
        .isEqualTo("In the cache: 3 files, 6 B\n");
    CliRunner.Result again = cluster("--config", rules, "data");
    assertThat(again.lines().get(1)).startsWith("[diff] 0 to transfer, 3 skipped");
    assertRefused("no rule of the configuration has", "cluster", "--config", rules, "/nowhere");
    assertRefused(
        "a cache knows what it has", "cluster", "--config", rules, "data", "--compare", "size");
  }

  @Test
  void whatContradictsItselfIsRefused() throws Exception {
    String url = source();
    assertRefused("not 1 places", "cluster", url);
    assertRefused("is a directory on every node", "cluster", url, url);
    assertRefused("multiple of --bcast-chunk", "cluster", url, "out", "--shard-size", "1000");
    assertRefused(
        "exclude each other", "cluster", url, "out", "--shard-size", "64MiB", "--file-shards", "2");
    assertRefused("need each other", "cluster", url, "out", "--compare", "filelist");
    assertRefused("between 64KiB and 1GiB", "cluster", url, "out", "--bcast-chunk", "2GiB");
    assertRefused("writes no --report", "cluster", url, "out", "--report", "r");
    assertThat(cli.run("cluster", url, "out", "--download-ranks", "2").code()).isEqualTo(7);
    assertThat(cli.run("cluster", url, "out", "--download-ranks", "0").code()).isEqualTo(7);
    assertThat(dir.resolve("out")).doesNotExist();
  }

  @Test
  void aSourceThatIsNotThereIsNamed() {
    CliRunner.Result result = cli.run("cluster", source() + "/none", "out");
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("rank 0 on ").contains("there is no blob at");
  }
}
