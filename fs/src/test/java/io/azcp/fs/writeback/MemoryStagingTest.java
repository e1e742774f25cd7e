package io.azcp.fs.writeback;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.base.posix.Files;
import io.azcp.config.StagingPolicy;
import io.azcp.config.WritePolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that wait for their upload in memory: freed when sent, bounded, and lost loudly. */
class MemoryStagingTest {
  private static final long PLENTY = 1L << 40;

  @TempDir Path folder;
  private Volume volume;

  @BeforeEach
  void make() throws IOException {
    volume = new Volume(folder).holdUploads();
  }

  @AfterEach
  void stop() {
    volume.close();
  }

  private void start(StagingPolicy staging) throws IOException {
    volume.options = volume.options.with(WritePolicy.DEFAULT.withStaging(staging));
    volume.start();
  }

  private static String path(LocalFile file) {
    return ((StagedFile) file).staging.path;
  }

  /** As the tree writes. */
  private static void write(LocalFile file, long offset, String content) throws IOException {
    if (!file.beginWrite(content.length())) {
      assertThat(Volume.await(file::toDisk)).isNull();
      assertThat(file.beginWrite(content.length())).isTrue();
    }
    try {
      Volume.put(file, offset, content);
    } finally {
      file.endWrite();
    }
  }

  @Test
  void theMemoryIsFreedByTheUpload() throws IOException {
    start(new StagingPolicy(true, PLENTY, false));
    LocalFile file = volume.begin("a", "content");
    String path = path(file);
    assertThat(path).startsWith("/dev/shm/");
    assertThat(file.mayBypass()).as("writes past the daemon would not be bounded").isFalse();
    Volume.end(file);
    volume.flushed();
    assertThat(volume.contents()).containsEntry("a", "content");
    assertThat(Files.exists(path)).isFalse();
    assertThat(volume.cache.isWhole("a", volume.known("a").version())).isFalse();
  }

  @Test
  void aReaderReadsOnWhatWasFreed() throws IOException {
    start(new StagingPolicy(true, PLENTY, false));
    LocalFile file = volume.begin("a", "content");
    assertThat(file.opened(false)).isTrue();
    Volume.end(file);
    volume.flushed();
    assertThat(file.size()).isEqualTo(7);
    file.released(false);
  }

  @Test
  void whatIsKeptIsInTheCache() throws IOException {
    start(new StagingPolicy(true, PLENTY, true));
    volume.write("a", "content");
    volume.flushed();
    assertThat(volume.cache.isWhole("a", volume.known("a").version())).isTrue();
    assertThat(volume.append("a", " and more")).isTrue();
    volume.flushed();
    assertThat(volume.contents()).containsEntry("a", "content and more");
  }

  @Test
  void aFileThatOutgrowsTheMemoryGoesToTheDisk() throws IOException {
    start(new StagingPolicy(true, 40_000, false));
    LocalFile file = volume.writeback.create("a", Volume.file(0644), null, false);
    String first = "x".repeat(30_000);
    write(file, 0, first);
    String inMemory = path(file);
    assertThat(inMemory).startsWith("/dev/shm/");
    write(file, 30_000, first);
    assertThat(path(file)).startsWith(folder.toString());
    assertThat(Files.exists(inMemory)).isFalse();
    write(file, 60_000, first);
    assertThat(file.size()).isEqualTo(90_000);
    Volume.end(file);
    volume.restart();
    volume.flushed();
    assertThat(volume.contents()).containsEntry("a", "x".repeat(90_000));
  }

  @Test
  void anotherFileFindsNoRoomUntilTheFirstIsSent() throws IOException {
    start(new StagingPolicy(true, 40_000, false));
    LocalFile file = volume.writeback.create("a", Volume.file(0644), null, false);
    write(file, 0, "x".repeat(39_990));
    Volume.end(file);
    LocalFile other = volume.begin("b", "");
    write(other, 0, "y".repeat(20_000));
    assertThat(path(other)).startsWith(folder.toString());
    Volume.end(other);
    volume.flushed();
    LocalFile third = volume.begin("c", "");
    write(third, 0, "z".repeat(20_000));
    assertThat(path(third)).startsWith("/dev/shm/");
    Volume.end(third);
    volume.flushed();
    assertThat(volume.contents()).containsOnlyKeys("a", "b", "c");
  }

  @Test
  void theDeathOfTheDaemonLosesNothing() throws IOException {
    start(new StagingPolicy(true, PLENTY, false));
    volume.write("closed", "content");
    LocalFile open = volume.begin("open", "never closed");
    String path = path(open);
    volume.restart();
    assertThat(volume.writeback.recovered())
        .singleElement()
        .asString()
        .isEqualTo(folder.resolve("recovered/open").toString());
    assertThat(Files.exists(path)).isFalse();
    volume.flushed();
    assertThat(volume.contents()).containsOnlyKeys("closed").containsEntry("closed", "content");
    assertThat(volume.writeback.untoldConflicts("")).isEmpty();
  }

  // semantics: staging-memory
  @Test
  void whatWasLostWithTheMachineIsNamedOnce() throws IOException {
    start(new StagingPolicy(true, PLENTY, false));
    LocalFile file = volume.begin("dir/a", "content");
    String path = path(file);
    Volume.end(file);
    volume.kill();
    Files.unlink(path);
    volume.bootId = "boot-2";
    volume.start();
    assertThat(volume.writeback.pending().files()).isZero();
    List<Writeback.Conflict> told = volume.writeback.untoldConflicts("");
    assertThat(told).extracting(Writeback.Conflict::name).containsExactly("dir/a");
    assertThat(told).extracting(Writeback.Conflict::keptAs).containsExactly("");
    assertThat(volume.writeback.untoldConflicts("")).isEmpty();
    volume.restart();
    assertThat(volume.writeback.untoldConflicts("")).as("after the next start").isEmpty();
  }
}
