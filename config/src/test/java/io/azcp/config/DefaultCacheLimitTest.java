package io.azcp.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DefaultCacheLimitTest {
  @TempDir Path dir;
  private ConfigFolder folder;

  @BeforeEach
  void layOut() throws IOException {
    folder =
        ConfigFolder.withAccount(dir)
            .rules(
                """
                - {local: a, remote: a, cache: c/a, storage_account: acc}
                - {local: b, remote: b, cache: c/b, storage_account: acc}
                - {local: o, remote: o, cache: c/o, storage_account: acc, cache_limit: 7}
                """);
  }

  @Test
  void isOffUnlessAzfusesCollectionIsOn() throws IOException {
    folder.set("AZFUSE_CLOUD_FUSE_GARBAGE_COLLECTION_MAX", "1000");
    assertThat(folder.load().rules())
        .extracting(MappingRule::cacheLimitBytes)
        .containsExactly(Long.MAX_VALUE, Long.MAX_VALUE, 7L);
    folder.set("AZFUSE_USE_FUSE_ENABLE_GARBAGE_COLLECTION", "0");
    assertThat(folder.load().rules().get(0).cacheLimitBytes()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void splitsBytesBetweenTheFoldersOfADisk() throws IOException {
    folder.set("AZFUSE_USE_FUSE_ENABLE_GARBAGE_COLLECTION", "1");
    folder.set("QD_CLOUD_FUSE_GARBAGE_COLLECTION_MAX", "1e9");
    assertThat(folder.load().rules())
        .extracting(MappingRule::cacheLimitBytes)
        .containsExactly(500_000_000L, 500_000_000L, 7L);
  }

  @Test
  void takesAShareOfTheDiskBelowOne() throws IOException {
    folder.set("QD_USE_FUSE_ENABLE_GARBAGE_COLLECTION", "1");
    long half = (long) (0.5 * Files.getFileStore(dir).getTotalSpace() / 2);
    assertThat(folder.load().rules().get(0).cacheLimitBytes()).isEqualTo(half);
    folder.set("AZFUSE_CLOUD_FUSE_GARBAGE_COLLECTION_MAX", "0.25");
    long quarter = (long) (0.25 * Files.getFileStore(dir).getTotalSpace() / 2);
    assertThat(folder.load().rules().get(0).cacheLimitBytes()).isEqualTo(quarter);
  }

  @ParameterizedTest
  @ValueSource(strings = {"half", "-1", "0", "NaN", "1e30"})
  void namesTheVariableWithAWrongValue(String value) {
    folder.set("AZFUSE_USE_FUSE_ENABLE_GARBAGE_COLLECTION", "1");
    folder.set("AZFUSE_CLOUD_FUSE_GARBAGE_COLLECTION_MAX", value);
    assertThatThrownBy(() -> folder.load())
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("AZFUSE_CLOUD_FUSE_GARBAGE_COLLECTION_MAX: '" + value + "'");
  }

  @Test
  void namesTheSwitchWithAWrongValue() {
    folder.set("AZFUSE_USE_FUSE_ENABLE_GARBAGE_COLLECTION", "yes");
    assertThatThrownBy(() -> folder.load())
        .hasMessageStartingWith("AZFUSE_USE_FUSE_ENABLE_GARBAGE_COLLECTION: 'yes'");
  }
}
