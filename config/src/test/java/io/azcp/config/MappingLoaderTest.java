package io.azcp.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.UsageException;
import io.azcp.base.glob.Glob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappingLoaderTest {
  @TempDir Path dir;
  private ConfigFolder folder;

  @BeforeEach
  void layOut() throws IOException {
    folder = ConfigFolder.withAccount(dir);
  }

  @Test
  void loadsTheFilesOfAzfusesReadme() throws IOException {
    folder
        .account("storage_config_name", ConfigFolder.account())
        .rules(
            """
            - cache: /tmp/azfuse/data
              local: data
              remote: azfuse_data
              storage_account: storage_config_name
            - cache: /tmp/azfuse/models
              local: models
              remote: models
              storage_account: storage_config_name
            """);
    Mapping mapping = folder.load();
    assertThat(mapping.file()).isEqualTo(dir + "/aux_data/configs/azfuse.yaml");
    assertThat(mapping.rules()).extracting(MappingRule::local).containsExactly("data", "models");
    MappingRule first = mapping.rules().get(0);
    assertThat(first.remote()).isEqualTo("azfuse_data");
    assertThat(first.cache()).isEqualTo("/tmp/azfuse/data");
    assertThat(first.blobName("abc.txt")).isEqualTo("azfuse_data/abc.txt");
    assertThat(first.account().accountName()).isEqualTo("accountname");
    assertThat(first.account().containerName()).isEqualTo("containername");
    assertThat(first.account().accountKey()).isEqualTo(ConfigFolder.KEY);
    assertThat(first.account().sasToken()).isNull();
    assertThat(first.origin()).isEqualTo("aux_data/configs/azfuse.yaml:2");
  }

  @Test
  void givesDocumentedDefaults() throws IOException {
    MappingRule rule = folder.rule();
    assertThat(rule.closeRemote()).isFalse();
    assertThat(rule.fsyncRemote()).isFalse();
    assertThat(rule.readOnly()).isFalse();
    assertThat(rule.uploadDelay()).isEqualTo(Duration.ofSeconds(2));
    assertThat(rule.attrTtl()).isEqualTo(Duration.ofMinutes(1));
    assertThat(rule.consistency()).isEqualTo(Consistency.TTL);
    assertThat(rule.writing()).isEqualTo(WritePolicy.DEFAULT);
    assertThat(rule.cacheLimitBytes()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void readsOurKeysWithHyphensAndUnderscores() throws IOException {
    MappingRule rule =
        folder.rule(
            "close: remote",
            "fsync: remote",
            "read-only: true",
            "upload_delay: 500ms",
            "attr-ttl: 5",
            "consistency: open",
            "on-conflict: keep",
            "excl: remote",
            "durability: close",
            "upload-every: 30",
            "early-upload: '*.pt'",
            "staging: shm",
            "staging-size: 1GiB",
            "keep: true",
            "max-dirty: 1GiB",
            "cache-limit: 1.5 GiB");
    assertThat(rule.closeRemote()).isTrue();
    assertThat(rule.fsyncRemote()).isTrue();
    assertThat(rule.readOnly()).isTrue();
    assertThat(rule.uploadDelay()).isEqualTo(Duration.ofMillis(500));
    assertThat(rule.attrTtl()).isEqualTo(Duration.ofSeconds(5));
    assertThat(rule.consistency()).isEqualTo(Consistency.OPEN);
    assertThat(rule.writing())
        .isEqualTo(
            new WritePolicy(
                OnConflict.KEEP,
                true,
                true,
                Duration.ofSeconds(30),
                Optional.of(Glob.of("*.pt")),
                new StagingPolicy(true, 1L << 30, true),
                1L << 30));
    assertThat(rule.cacheLimitBytes()).isEqualTo(3L << 29);
  }

  @Test
  void resolvesCachesAgainstHomeAndWorkingDirectoryWithoutFollowingLinks() throws IOException {
    Files.createDirectory(dir.resolve("big-disk"));
    Files.createSymbolicLink(dir.resolve("link"), dir.resolve("big-disk"));
    folder.rules(
        """
        - {local: a, remote: a, cache: ~/cache/a, storage_account: acc}
        - {local: b, remote: b, cache: ./x/../cache/b/, storage_account: acc}
        - {local: c, remote: c, cache: link, storage_account: acc}
        """);
    assertThat(folder.load().rules())
        .extracting(MappingRule::cache)
        .containsExactly("/home/someone/cache/a", dir + "/cache/b", dir + "/link");
  }

  @ParameterizedTest
  @CsvSource({
    "data/, data",
    "./data, data",
    "a//b/, a/b",
    "/abs/x/, /abs/x",
    "~/data, ~/data",
    "., .",
    "./, .",
    "../up, ../up"
  })
  void cleansLocalPaths(String written, String local) throws IOException {
    folder.rules("- {local: \"%s\", remote: r, cache: c, storage_account: acc}".formatted(written));
    assertThat(folder.load().rules().get(0).local()).isEqualTo(local);
  }

  @ParameterizedTest
  @CsvSource({"'', ''", "'\"\"', ''", "/, ''", "/p/q/, p/q", "p, p", "2020, 2020", "null, ''"})
  void cleansRemotes(String written, String remote) throws IOException {
    folder.rules("- local: d\n  remote: " + written + "\n  cache: c\n  storage_account: acc\n");
    MappingRule rule = folder.load().rules().get(0);
    assertThat(rule.remote()).isEqualTo(remote);
    assertThat(rule.blobName("f")).isEqualTo(remote.isEmpty() ? "f" : remote + "/f");
  }

  @Test
  void notesTheLockThatIsAlwaysOn() throws IOException {
    folder.rule("cache_lock: false");
    assertThat(folder.load().notes())
        .singleElement()
        .asString()
        .startsWith("aux_data/configs/azfuse.yaml:5: cache_lock");
  }

  @Test
  void readsMergeKeysAsAzfusesParserDoes() throws IOException {
    folder.rules(
        """
        - &base {local: a, remote: a, cache: /c/a, storage_account: acc, close: remote}
        - {<<: *base, local: b, remote: b, cache: /c/b}
        """);
    MappingRule second = folder.load().rules().get(1);
    assertThat(second.local()).isEqualTo("b");
    assertThat(second.closeRemote()).isTrue();
  }

  @Test
  void endsAMergeThatContainsItself() {
    assertThatThrownBy(() -> folder.rules("- &a {<<: *a, local: b}").load())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("nested more than 8 deep");
  }

  @Test
  void takesTheFileFromOptionThenVariablesThenDefault() throws IOException {
    String rules = "- {local: %s, remote: r, cache: c, storage_account: acc}\n";
    folder
        .rules(rules.formatted("by-default"))
        .write("qd.yaml", rules.formatted("by-qd"))
        .write("az.yaml", rules.formatted("by-az"))
        .write("opt.yaml", rules.formatted("by-option"));
    assertThat(folder.load().rules().get(0).local()).isEqualTo("by-default");
    folder.set("AZFUSE_CLOUD_FUSE_CONFIG_FILE", "az.yaml");
    assertThat(folder.load().rules().get(0).local()).isEqualTo("by-az");
    folder.set("QD_CLOUD_FUSE_CONFIG_FILE", "qd.yaml");
    assertThat(folder.load().rules().get(0).local()).isEqualTo("by-qd");
    assertThat(folder.load("opt.yaml").rules().get(0).local()).isEqualTo("by-option");
    folder.set("QD_CLOUD_FUSE_CONFIG_FILE", "").set("AZFUSE_CLOUD_FUSE_CONFIG_FILE", "");
    assertThat(folder.load().rules().get(0).local()).isEqualTo("by-default");
  }

  @Test
  void saysWhereTheMissingFileWasNamed() {
    assertThatThrownBy(() -> folder.load())
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("aux_data/configs/azfuse.yaml: there is no such file")
        .hasMessageContaining("neither --config nor AZFUSE_CLOUD_FUSE_CONFIG_FILE");
    folder.set("QD_CLOUD_FUSE_CONFIG_FILE", "gone.yaml");
    assertThatThrownBy(() -> folder.load())
        .hasMessageStartingWith("gone.yaml: ")
        .hasMessageContaining("named by QD_CLOUD_FUSE_CONFIG_FILE")
        .hasMessageContaining(dir + "/gone.yaml");
    assertThatThrownBy(() -> folder.load("other.yaml"))
        .hasMessage("other.yaml: there is no such file");
  }
}
