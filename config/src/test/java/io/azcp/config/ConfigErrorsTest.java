package io.azcp.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigErrorsTest {
  private static final String FILE = "aux_data/configs/azfuse.yaml";

  @TempDir Path dir;
  private ConfigFolder folder;

  @BeforeEach
  void layOut() throws IOException {
    folder = ConfigFolder.withAccount(dir);
  }

  private ConfigException refused(String yaml) throws IOException {
    folder.rules(yaml);
    ConfigException e = catchThrowableOfType(ConfigException.class, () -> folder.load());
    assertThat(e).as("an error").isNotNull();
    return e;
  }

  @Test
  void namesTheUnknownKeyItsLineAndWhatIsAllowed() throws IOException {
    ConfigException e = refused("- local: d\n  remote: r\n  catche: c\n  storage_account: acc\n");
    assertThat(e.line()).isEqualTo(3);
    assertThat(e)
        .hasMessage(
            FILE
                + ":3: unknown key 'catche' in a rule (did you mean 'cache'?), allowed are local,"
                + " remote, cache, storage_account, cache_lock, close, fsync, durability,"
                + " read_only, special_files, upload_delay, upload_every, early_upload, staging,"
                + " staging_size, keep, max_dirty, attr_ttl, consistency, on_conflict, excl,"
                + " cache_limit");
  }

  @Test
  void doesNotGuessAtAWordThatIsLikeNone() throws IOException {
    assertThat(refused("- {local: d, remote: r, cache: c, storage_account: acc, colour: red}"))
        .hasMessageContaining("unknown key 'colour' in a rule, allowed are");
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "remote", "cache", "storage_account"})
  void namesTheMissingKey(String key) throws IOException {
    String all = "- {x: , local: d, remote: r, cache: c, storage_account: acc}";
    ConfigException e = refused(all.replace("x: , ", "").replaceFirst(key + ": [a-z]+(, )?", ""));
    assertThat(e).hasMessageStartingWith(FILE + ":1: a rule lacks the key '" + key + "'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "close: soon | 'soon' is not allowed, write local or remote",
        "fsync: [local] | must be one value",
        "read_only: maybe | 'maybe' is not allowed, write true or false",
        "cache_lock: 2 | '2' is not allowed, write true or false",
        "upload_delay: soon | 'soon' is not a duration",
        "on_conflict: ask | 'ask' is not allowed, write overwrite or keep",
        "durability: disk | 'disk' is not allowed, write background or close",
        "early_upload: x{y | it has a { without its }",
        "staging: ram | 'ram' is not allowed, write disk or shm",
        "staging_size: 1GiB | goes with staging: shm only",
        "keep: true | goes with staging: shm only",
        "max_dirty: much | 'much' is not a size",
        "excl: yes | 'yes' is not allowed, write local or remote",
        "attr_ttl: -1 | '-1' is not a duration",
        "cache_limit: 16XYZ | '16XYZ' is not a size",
        "cache_limit: 0 | must be at least 1 byte",
      })
  void namesTheKeyWithAWrongValue(String line, String problem) {
    String key = line.substring(0, line.indexOf(':'));
    assertThatThrownBy(() -> folder.rule(line))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(FILE + ":5: key '" + key + "': ")
        .hasMessageContaining(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "local: true | must be a text",
        "local: {a: b} | must be a text",
        "local: | must not be empty",
        "cache: / | the root of the file system",
      })
  void refusesWrongTypes(String line, String problem) throws IOException {
    String rest = line.startsWith("local") ? "\n  cache: c" : "\n  local: d";
    ConfigException e = refused("- " + line + rest + "\n  remote: r\n  storage_account: acc\n");
    assertThat(e).hasMessageStartingWith(FILE + ":1: ").hasMessageContaining(problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/../b", "a//b", "./a", ".."})
  void refusesRemotesNoBlobCanHave(String remote) throws IOException {
    assertThat(refused("- {local: d, remote: '" + remote + "', cache: c, storage_account: acc}"))
        .hasMessageContaining("key 'remote': '" + remote + "' is not allowed");
  }

  @Test
  void refusesAKeyGivenTwiceAlsoInAnotherSpelling() throws IOException {
    assertThat(refused("- local: a\n  local: b\n"))
        .hasMessage(FILE + ":2: key 'local' is given twice in a rule");
    assertThatThrownBy(() -> folder.rule("read_only: true", "read-only: false"))
        .hasMessage(FILE + ":6: key 'read_only' is given twice in a rule");
  }

  @Test
  void refusesAnythingButAListOfMappings() throws IOException {
    assertThat(refused("local: data\n")).hasMessageStartingWith(FILE + ":1: must be a list");
    assertThat(refused("")).hasMessageStartingWith(FILE + ": must be a list");
    assertThat(refused("[]")).hasMessageContaining("must be a list of rules");
    assertThat(refused("- just a text\n"))
        .hasMessageStartingWith(FILE + ":1: a rule must be a mapping with the keys local");
  }

  @Test
  void namesTheLineOfBrokenYaml() throws IOException {
    assertThat(refused("- local: a\n  remote: [r\n"))
        .hasMessageMatching(FILE + ":[23]: is no valid YAML: .*");
    assertThat(refused("- local: a\n\tremote: r\n"))
        .hasMessageStartingWith(FILE + ":2: is no valid YAML: ");
    assertThat(refused("- local: *nowhere\n"))
        .hasMessageStartingWith(FILE + ":1: is no valid YAML: ");
    assertThat(refused("--- [a]\n--- [b]\n")).hasMessageContaining("is no valid YAML");
    assertThat(refused("- local: a\0b\n")).hasMessageContaining("is no valid YAML");
  }

  @Test
  void refusesTagsThatNameClasses() throws IOException {
    assertThat(refused("- !!javax.script.ScriptEngineManager {local: a}\n"))
        .hasMessageStartingWith(FILE)
        .hasMessageContaining("tag is not allowed");
  }

  @Test
  void refusesFilesThatAreNoText() throws IOException {
    folder.rules("");
    Files.write(dir.resolve(FILE), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertThatThrownBy(() -> folder.load()).hasMessage(FILE + ": is no UTF-8 text");
    assertThatThrownBy(() -> folder.load("aux_data"))
        .hasMessage("aux_data: cannot be read: it is a folder");
  }

  @Test
  void readsAFileWithAByteOrderMark() throws IOException {
    folder.rules("\ufeff- {local: d, remote: r, cache: c, storage_account: acc}");
    assertThat(folder.load().rules()).hasSize(1);
  }

  @Test
  void refusesTheSameLocalTwice() throws IOException {
    ConfigException e =
        refused(
            """
            - {local: d, remote: r, cache: c1, storage_account: acc}
            - {local: ./d/, remote: s, cache: c2, storage_account: acc}
            """);
    assertThat(e)
        .hasMessage(
            FILE + ":2: key 'local': 'd' is mapped twice, first at " + FILE + ":1; take one out");
  }

  @Test
  void refusesARuleThatAnEarlierOneHides() throws IOException {
    ConfigException e =
        refused(
            """
            - {local: data, remote: r, cache: c1, storage_account: acc}
            - {local: %s/data/sub, remote: s, cache: c2, storage_account: acc}
            """
                .formatted(dir));
    assertThat(e).hasMessageStartingWith(FILE + ":2: ").hasMessageContaining("never matches");
  }

  @Test
  void allowsTheLongerPrefixFirstAndNamesThatOnlyBeginAlike() throws IOException {
    folder.rules(
        """
        - {local: data/sub, remote: s, cache: c2, storage_account: acc}
        - {local: data, remote: r, cache: c1, storage_account: acc}
        - {local: data2, remote: t, cache: c3, storage_account: acc}
        """);
    assertThat(folder.load().rules()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"c", "c/below", ".", "link"})
  void refusesCachesThatOverlapForOtherBlobs(String cache) throws IOException {
    Files.createDirectory(dir.resolve("c"));
    Files.createSymbolicLink(dir.resolve("link"), dir.resolve("c"));
    ConfigException e =
        refused(
            """
            - {local: a, remote: r, cache: c, storage_account: acc}
            - {local: b, remote: s, cache: %s, storage_account: acc}
            """
                .formatted(cache));
    assertThat(e).hasMessageStartingWith(FILE + ":2: key 'cache': ");
  }

  @Test
  void allowsOneCacheForTheSameBlobsAtTheSamePlaces() throws IOException {
    folder.rules(
        """
        - {local: a, remote: r, cache: c, storage_account: acc}
        - {local: b, remote: r, cache: c, storage_account: acc}
        - {local: s, remote: r/sub, cache: c/sub, storage_account: acc}
        """);
    assertThat(folder.load().rules()).hasSize(3);
  }

  @Test
  void refusesOneCacheForTwoContainersOrTwoLimits() throws IOException {
    folder.account("other", ConfigFolder.account().replace("containername", "elsewhere"));
    assertThat(
            refused(
                """
                - {local: a, remote: r, cache: c, storage_account: acc}
                - {local: b, remote: r, cache: c, storage_account: other}
                """))
        .hasMessageContaining("only for the same account");
    assertThat(
            refused(
                """
                - {local: a, remote: r, cache: c, storage_account: acc}
                - {local: b, remote: r, cache: c, storage_account: acc, cache_limit: 1GB}
                """))
        .hasMessageContaining("key 'cache_limit'");
  }
}
