package io.azcp.transfer.engine;

import static io.azcp.transfer.blob.FaultyBlobService.Operation.HEAD;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.PUT;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.PUT_BLOCK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.MemoryBlobService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class UploadJobTest {
  private static final int BLOCK = 4096;

  private final MemoryBlobService memory = new MemoryBlobService();
  private final FaultyBlobService service = new FaultyBlobService(memory);
  private final Heard heard = new Heard();
  private final TransferOptions options =
      TransferOptions.defaults().withBlockSize(BLOCK).withLimits(4, 2);
  @TempDir Path dir;

  @BeforeEach
  void container() throws IOException {
    memory.createContainer("c");
  }

  private UploadJob job(TransferOptions chosen, Path source, String destination) {
    return new UploadJob(service, chosen, heard, source, "c", destination);
  }

  private UploadJob recursive(String destination) {
    return job(options.withRecursive(true), dir, destination);
  }

  private Map<String, byte[]> tree() throws IOException {
    byte[] large = new byte[5 * BLOCK + 17];
    new Random(1).nextBytes(large);
    Map<String, byte[]> files = new TreeMap<>();
    files.put("a.txt", Trees.utf8("alpha"));
    files.put("sub/b.json", Trees.utf8("{}"));
    files.put("sub/deeper/large.bin", large);
    files.put("empty", new byte[0]);
    files.put("exactly-a-block", new byte[BLOCK]);
    Trees.write(dir, files);
    return files;
  }

  @Test
  void aDirectoryGoesBelowTheDestinationWithoutItsOwnName() throws Exception {
    Map<String, byte[]> files = tree();
    UploadJob job = recursive("x/y");
    assertThat(job.run().isSingle()).isFalse();
    Map<String, byte[]> blobs = Trees.blobs(memory, "c");
    assertThat(blobs).hasSameSizeAs(files);
    files.forEach((name, bytes) -> assertThat(blobs.get("x/y/" + name)).isEqualTo(bytes));
    assertThat(job.stats().files()).isEqualTo(files.size());
    assertThat(job.stats().bytes())
        .isEqualTo(files.values().stream().mapToLong(b -> b.length).sum())
        .isEqualTo(job.stats().movedBytes());
    assertThat(heard.failed).isEmpty();
    assertThat(memory.head("c", "x/y/a.txt").contentType()).isEqualTo("text/plain");
    assertThat(memory.head("c", "x/y/sub/b.json").contentType()).isEqualTo("application/json");
    assertThat(memory.head("c", "x/y/empty").contentType()).isEqualTo("application/octet-stream");
    assertThat(service.log(PUT_BLOCK)).hasSize(7);
  }

  @Test
  void aFileGoesToTheNameOrIntoTheDirectory() throws Exception {
    Path file = Files.write(dir.resolve("one.txt"), Trees.utf8("sixsix"));
    assertThat(job(options, file, "renamed").run().single()).isEqualTo("one.txt");
    job(options, file, "d/").run();
    job(options, file, "").run();
    assertThat(Trees.blobs(memory, "c")).containsOnlyKeys("renamed", "d/one.txt", "one.txt");
  }

  @Test
  void namesArriveAsTheyAre() throws Exception {
    Map<String, byte[]> files = new TreeMap<>();
    for (String name :
        new String[] {
          "x%41y",
          "sp ace",
          "ha#sh",
          "que?ry",
          "ünï/çødé",
          "trailing ",
          "a+b",
          "plus&",
          "日本",
          "n".repeat(255),
          "tab\tname",
          "quote\"'",
          "emoji-\uD83D\uDE00"
        }) {
      files.put(name, Trees.utf8(name));
    }
    Trees.write(dir, files);
    recursive("").run();
    Map<String, byte[]> blobs = Trees.blobs(memory, "c");
    assertThat(blobs).containsOnlyKeys(files.keySet());
    files.forEach((name, bytes) -> assertThat(blobs.get(name)).isEqualTo(bytes));
  }

  @Test
  void aNameTheServiceCannotHoldFailsThatFileAndNamesIt() throws Exception {
    Trees.write(
        dir,
        Map.of("good", new byte[1], "ends-in-a-dot.", new byte[1], "back\\slash", new byte[1]));
    UploadJob job = recursive("");
    job.run();
    assertThat(Trees.blobs(memory, "c")).containsOnlyKeys("good");
    assertThat(job.stats().failed()).isEqualTo(2);
    assertThat(heard.ended(FileResult.Status.DONE)).containsExactly("good");
    assertThat(heard.ended(FileResult.Status.FAILED))
        .containsExactlyInAnyOrder("ends-in-a-dot.", "back\\slash");
    assertThat(heard.failed)
        .hasSize(2)
        .anyMatch(s -> s.contains("ends-in-a-dot."))
        .anyMatch(s -> s.contains("back\\slash"));
  }

  @Test
  void oneUnreadableFileIsNamedAndDoesNotStopTheRest() throws Exception {
    Trees.write(dir, Map.of("a", new byte[1], "b", new byte[2], "c", new byte[3]));
    var gate = new FaultyBlobService.Gate();
    service.next(PUT, gate);
    UploadJob job = job(options.withRecursive(true).withLimits(1, 1), dir, "");
    Thread running =
        new Thread(
            () -> {
              try {
                job.run();
              } catch (IOException e) {
                heard.failed("ended: " + e);
              }
            });
    running.start();
    gate.awaitArrival();
    await().atMost(Duration.ofMinutes(1)).until(() -> job.stats().plannedFiles() == 3);
    String sent = service.log(PUT).get(0).name();
    String victim = sent.equals("b") ? "c" : "b";
    Files.delete(dir.resolve(victim));
    gate.open();
    running.join();
    assertThat(heard.failed).singleElement().asString().contains("/" + victim);
    assertThat(job.stats().files()).isEqualTo(2);
    assertThat(job.stats().failed()).isEqualTo(1);
    assertThat(Trees.blobs(memory, "c")).hasSize(2).doesNotContainKey(victim);
  }

  @Test
  void aFileThatChangesDuringItsUploadFails() throws Exception {
    Path file = Files.write(dir.resolve("growing"), new byte[3 * BLOCK]);
    service.next(
        PUT_BLOCK,
        FaultyBlobService.first(
            () -> Files.write(file, new byte[BLOCK], StandardOpenOption.APPEND)));
    UploadJob job = recursive("");
    job.run();
    assertThat(heard.failed).singleElement().asString().contains("growing").contains("changed");
    assertThat(job.stats().failed()).isEqualTo(1);
    assertThat(Trees.blobs(memory, "c")).isEmpty();
  }

  @Test
  void aFailedBlockFailsThatFile() throws Exception {
    tree();
    service.next(PUT_BLOCK, FaultyBlobService.refuse(400, "InvalidBlobOrBlock"));
    UploadJob job = recursive("");
    job.run();
    assertThat(job.stats().failed()).isEqualTo(1);
    assertThat(job.stats().files()).isEqualTo(4);
    assertThat(heard.failed).singleElement().asString().contains("InvalidBlobOrBlock");
  }

  @Test
  void withoutOverwriteWhatIsThereStaysAndIsCounted() throws Exception {
    Map<String, byte[]> files = tree();
    Files.write(dir.resolve("exactly-a-block"), new byte[100 << 10]);
    Trees.put(memory, "c", "a.txt", Trees.utf8("theirs"));
    Trees.put(memory, "c", "exactly-a-block", Trees.utf8("theirs"));
    UploadJob job = job(options.withRecursive(true).withOverwrite(false), dir, "");
    job.run();
    assertThat(job.stats().skipped()).isEqualTo(2);
    assertThat(heard.ended(FileResult.Status.SKIPPED))
        .containsExactlyInAnyOrder("a.txt", "exactly-a-block");
    assertThat(job.stats().files()).isEqualTo(files.size() - 2);
    assertThat(Trees.get(memory, "c", "a.txt")).isEqualTo(Trees.utf8("theirs"));
    assertThat(Trees.get(memory, "c", "exactly-a-block")).isEqualTo(Trees.utf8("theirs"));
    assertThat(service.log(HEAD)).extracting(r -> r.name()).contains("exactly-a-block");
  }

  @Test
  void aDryRunTellsAndSendsNothing() throws Exception {
    Map<String, byte[]> files = tree();
    recursive("").run();
    service.clearLog();
    job(options.withRecursive(true).withDryRun(true), dir, "p").run();
    assertThat(heard.planned).containsExactlyInAnyOrderElementsOf(files.keySet());
    assertThat(service.log()).isEmpty();
  }

  @Test
  void linksAreSkippedAndTemporariesAreNotSeen() throws Exception {
    Files.write(dir.resolve("real"), new byte[1]);
    Files.createSymbolicLink(dir.resolve("link"), dir.resolve("real"));
    Files.write(dir.resolve(".azcp-0123456789abcdef"), new byte[1]);
    Files.write(dir.resolve(".azcp-notes"), new byte[1]);
    UploadJob job = recursive("");
    job.run();
    assertThat(Trees.blobs(memory, "c")).containsOnlyKeys("real", ".azcp-notes");
    assertThat(job.stats().skipped()).isEqualTo(1);
    assertThat(heard.warned).singleElement().asString().contains("link");
  }

  @Test
  void aMissingSourceADirectoryWithoutRecursionAndAnEmptyOneAreRefused() {
    assertThatThrownBy(() -> job(options, dir.resolve("none"), "").run())
        .isInstanceOfSatisfying(
            AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT))
        .hasMessageContaining("none");
    assertThatThrownBy(() -> job(options, dir, "").run()).hasMessageContaining("-r");
    assertThatThrownBy(() -> recursive("").run()).hasMessageContaining("nothing copied");
  }

  @Test
  void aMissingContainerEndsTheJobWithOneSentence() throws Exception {
    for (int i = 0; i < 100; i++) {
      Files.write(dir.resolve("f" + i), new byte[1]);
    }
    memory.deleteContainer("c");
    UploadJob job = recursive("");
    assertThatThrownBy(job::run).hasMessageContaining("ContainerNotFound");
    assertThat(heard.failed).isEmpty();
    assertThat(service.log(PUT).size()).isLessThan(100);
  }

  @Test
  void cancellingEndsTheJobSoon() throws Exception {
    tree();
    var gate = new FaultyBlobService.Gate();
    service.next(PUT_BLOCK, gate);
    UploadJob job = recursive("");
    Thread running =
        new Thread(() -> assertThatThrownBy(job::run).hasMessageContaining("cancelled"), "running");
    running.start();
    gate.awaitArrival();
    job.cancel();
    gate.open();
    job.awaitEnd(20_000);
    running.join();
    assertThat(Trees.blobs(memory, "c")).doesNotContainKey("sub/deeper/large.bin");
  }
}
