package io.azcp.transfer.engine;

import static io.azcp.transfer.blob.FaultyBlobService.Operation.GET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.MemoryBlobService;
import io.azcp.transfer.blob.PutOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class DownloadJobTest {
  private static final int BLOCK = 4096;

  private final MemoryBlobService memory = new MemoryBlobService();
  private final FaultyBlobService service = new FaultyBlobService(memory);
  private final Heard heard = new Heard();
  private final TransferOptions options =
      TransferOptions.defaults().withBlockSize(BLOCK).withLimits(4, 2);
  private final byte[] large = new byte[5 * BLOCK + 17];
  @TempDir Path dir;
  private Path dest;

  @BeforeEach
  void container() throws IOException {
    memory.createContainer("c");
    new Random(2).nextBytes(large);
    dest = dir.resolve("dest");
  }

  private DownloadJob job(TransferOptions chosen, String source) {
    return new DownloadJob(service, chosen, heard, "c", source, dest, false);
  }

  private DownloadJob recursive(String source) {
    return job(options.withRecursive(true), source);
  }

  private void blob(String name, byte[] content) throws IOException {
    Trees.put(memory, "c", name, content);
  }

  private Map<String, byte[]> local() throws IOException {
    return Files.exists(dest) ? Trees.read(dest) : Map.of();
  }

  @Test
  void theBlobsBelowAPrefixComeWithAndWithoutItsSlash() throws Exception {
    blob("p/a.txt", Trees.utf8("alpha"));
    blob("p/sub/large", large);
    blob("p/empty", new byte[0]);
    blob("pp/not-mine", new byte[1]);
    blob("p", new byte[1]);
    for (String source : new String[] {"p", "p/"}) {
      dest = dir.resolve("to-" + source.length());
      DownloadJob job = recursive(source);
      job.run();
      assertThat(local()).containsOnlyKeys("a.txt", "sub/large", "empty");
      assertThat(local().get("sub/large")).isEqualTo(large);
      assertThat(job.stats().files()).isEqualTo(3);
      assertThat(job.stats().bytes()).isEqualTo(5 + large.length);
      assertThat(job.stats().latency().count()).isEqualTo(1 + 6 + 1);
    }
    assertThat(heard.failed).isEmpty();
  }

  @Test
  void everyRequestAsksForTheListedVersion() throws Exception {
    blob("large", large);
    service.next(
        GET,
        FaultyBlobService.first(
            () -> memory.put("c", "large", BodySource.of(large), PutOptions.NONE)));
    DownloadJob job = recursive("");
    job.run();
    assertThat(heard.failed).singleElement().asString().contains("large").contains("changed");
    assertThat(local()).isEmpty();
  }

  @Test
  void aBodyCutShortLeavesNothingAndSparesTheOthers() throws Exception {
    blob("a", Trees.utf8("alpha"));
    blob("large", large);
    service.next(GET, FaultyBlobService.cutBody(3));
    DownloadJob job = recursive("");
    job.run();
    assertThat(job.stats().failed()).isEqualTo(1);
    assertThat(heard.failed).hasSize(1);
    // Where it was the large one that was cut, the ranges that came are kept for the next run.
    assertThat(local().keySet()).filteredOn(n -> !n.startsWith(".azcp-")).hasSize(1);
  }

  @Test
  void aShortAnswerIsNotAccepted() throws Exception {
    blob("large", large);
    var shortening = new ShortAnswers(memory);
    var job = new DownloadJob(shortening, options.withRecursive(true), heard, "c", "", dest, false);
    job.run();
    assertThat(heard.failed).singleElement().asString().contains("large");
    assertThat(local()).isEmpty();
  }

  @Test
  void aWholeBodyIsCheckedAgainstItsMd5() throws Exception {
    String wrong = Base64.getEncoder().encodeToString(new byte[16]);
    memory.put(
        "c",
        "b",
        BodySource.of(new byte[10]),
        new PutOptions("", wrong, Map.of(), io.azcp.transfer.blob.Conditions.NONE));
    recursive("").run();
    assertThat(heard.failed).singleElement().asString().contains("MD5");
    assertThat(local()).isEmpty();
  }

  @Test
  void theTimeOfAFileIsThatOfTheBlob() throws Exception {
    blob("b", new byte[1]);
    recursive("").run();
    assertThat(Files.getLastModifiedTime(dest.resolve("b")).toMillis())
        .isEqualTo(memory.head("c", "b").lastModified());
  }

  @Test
  void markersBecomeDirectories() throws Exception {
    Trees.marker(memory, "c", "p/dir");
    blob("p/dir/x", new byte[1]);
    blob("p/slash/", new byte[0]);
    Trees.marker(memory, "c", "p/lonely");
    DownloadJob job = recursive("p");
    job.run();
    assertThat(local()).containsOnlyKeys("dir/x");
    assertThat(dest.resolve("slash")).isEmptyDirectory();
    assertThat(dest.resolve("lonely")).isEmptyDirectory();
    assertThat(job.stats().files()).isEqualTo(1);
    assertThat(job.stats().directories()).isEqualTo(3);
  }

  @Test
  void namesArriveAsTheyAre() throws Exception {
    var names =
        List.of("x%41y", "sp ace", "ha#sh", "ünï/çødé", "trailing ", "a+b", "日本", "n".repeat(255));
    for (String name : names) {
      blob(name, Trees.utf8(name));
    }
    recursive("").run();
    assertThat(local()).containsOnlyKeys(names);
    for (String name : names) {
      assertThat(local().get(name)).isEqualTo(Trees.utf8(name));
    }
  }

  @Test
  void namesNoPathCanHoldAreSkippedAndReportedOnce() throws Exception {
    blob("ok", new byte[1]);
    blob("a//b", new byte[1]);
    blob("/root", new byte[1]);
    blob("l".repeat(300), new byte[1]);
    DownloadJob job = recursive("");
    job.run();
    assertThat(local()).containsOnlyKeys("ok");
    assertThat(job.stats().skipped()).isEqualTo(3);
    assertThat(job.stats().failed()).isZero();
    assertThat(heard.warned).singleElement().asString().contains("3 blobs").contains("a//b");
  }

  @Test
  void aBlobBesideADirectoryOfItsNameIsAFailureThatNamesIt() throws Exception {
    blob("a", new byte[1]);
    blob("a/b", new byte[1]);
    DownloadJob job = recursive("");
    job.run();
    assertThat(job.stats().files()).isEqualTo(1);
    assertThat(heard.failed).singleElement().asString().contains("a");
    assertThat(local()).hasSize(1);
  }

  @Test
  void aSingleBlobGoesToTheNameOrIntoTheDirectory() throws Exception {
    blob("p/one.txt", Trees.utf8("sixsix"));
    assertThat(job(options, "p/one.txt").run().single()).isEqualTo("one.txt");
    assertThat(dest).hasBinaryContent(Trees.utf8("sixsix"));
    Path into = Files.createDirectory(dir.resolve("into"));
    new DownloadJob(service, options, heard, "c", "p/one.txt", into, false).run();
    assertThat(into.resolve("one.txt")).hasBinaryContent(Trees.utf8("sixsix"));
    Path made = dir.resolve("made");
    new DownloadJob(service, options, heard, "c", "p/one.txt", made, true).run();
    assertThat(made.resolve("one.txt")).hasBinaryContent(Trees.utf8("sixsix"));
    dest = dir.resolve("again");
    recursive("p/one.txt").run();
    assertThat(dest).hasBinaryContent(Trees.utf8("sixsix"));
  }

  @Test
  void withoutOverwriteWhatIsThereStaysAndIsCounted() throws Exception {
    blob("a", Trees.utf8("remote"));
    blob("b", Trees.utf8("remote"));
    Trees.marker(memory, "c", "d");
    Files.createDirectories(dest.resolve("d"));
    Files.write(dest.resolve("a"), Trees.utf8("mine"));
    DownloadJob job = job(options.withRecursive(true).withOverwrite(false), "");
    job.run();
    assertThat(local().get("a")).isEqualTo(Trees.utf8("mine"));
    assertThat(local().get("b")).isEqualTo(Trees.utf8("remote"));
    assertThat(job.stats().skipped()).isEqualTo(1);
    assertThat(job.stats().files()).isEqualTo(1);
  }

  @Test
  void aDryRunTellsAndWritesNothing() throws Exception {
    blob("p/a.txt", new byte[1]);
    job(options.withRecursive(true).withDryRun(true), "p").run();
    assertThat(heard.planned).containsExactly("p/a.txt");
    assertThat(dest).doesNotExist();
    assertThat(service.log(GET)).isEmpty();
  }

  @Test
  void whatIsNotThereIsRefused() throws Exception {
    blob("p/a", new byte[1]);
    assertThatThrownBy(() -> recursive("none").run())
        .isInstanceOfSatisfying(
            AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
    assertThatThrownBy(() -> recursive("none/").run()).hasMessageContaining("nothing copied");
    assertThatThrownBy(() -> job(options, "p").run()).hasMessageContaining("-r");
    assertThatThrownBy(() -> job(options, "p/").run()).hasMessageContaining("-r");
    assertThatThrownBy(() -> job(options, "").run()).hasMessageContaining("-r");
    assertThat(dest).doesNotExist();
  }

  @Test
  void aDestinationThatCannotBeWrittenIsNamed() throws Exception {
    blob("a", new byte[1]);
    Files.write(dest, new byte[1]);
    recursive("").run();
    assertThat(heard.failed).singleElement().asString().contains("dest/a");
    assertThat(dest).hasBinaryContent(new byte[1]);
  }

  @Test
  void aFullDiskEndsTheJobWithOneSentence() throws Exception {
    for (int i = 0; i < 50; i++) {
      blob("f" + i, new byte[10]);
    }
    Path full = Path.of("/dev/full");
    var failure = LocalFailure.of("cannot write", full, new IOException("No space left on device"));
    assertThat(failure.errno()).isEqualTo(Errno.ENOSPC);
    service.next(
        GET,
        FaultyBlobService.first(
            () -> {
              throw failure;
            }));
    DownloadJob job = recursive("");
    assertThatThrownBy(job::run).hasMessageContaining("no space left").hasMessageContaining("room");
    assertThat(heard.failed).isEmpty();
    assertThat(local().keySet()).noneMatch(n -> n.startsWith(".azcp-"));
  }

  @Test
  void anUnexpectedFailureIsCountedAndNothingHangs() throws Exception {
    blob("a", new byte[1]);
    blob("large", large);
    for (int i = 0; i < 2; i++) {
      service.next(
          GET,
          FaultyBlobService.first(
              () -> {
                throw new IllegalStateException("a mistake of ours");
              }));
    }
    DownloadJob job = job(options.withRecursive(true).withLimits(1, 1), "");
    job.run();
    assertThat(job.stats().failed()).isEqualTo(2);
    assertThat(heard.failed).hasSize(2).allMatch(s -> s.contains("a mistake of ours"));
    assertThat(local()).isEmpty();
  }

  @Test
  void whatIsCancelledIsNowhereUnderItsName() throws Exception {
    blob("large", large);
    var gate = new FaultyBlobService.Gate();
    service.next(GET, gate);
    DownloadJob job = recursive("");
    List<Throwable> ends = new ArrayList<>();
    Thread running =
        new Thread(
            () -> {
              try {
                job.run();
              } catch (IOException e) {
                ends.add(e);
              }
            });
    running.start();
    gate.awaitArrival();
    assertThat(local()).hasSize(1);
    assertThat(local().keySet()).allMatch(n -> n.startsWith(".azcp-"));
    job.cancel();
    gate.open();
    job.awaitEnd(20_000);
    running.join();
    assertThat(ends).singleElement().asString().contains("cancelled");
    assertThat(local().keySet()).allMatch(n -> n.startsWith(".azcp-"));
    recursive("").run();
    assertThat(local()).containsOnlyKeys("large");
  }

  @Test
  void upAndDownAgainIsTheSame() throws Exception {
    Map<String, byte[]> files = new HashMap<>();
    var random = new Random(42);
    for (int i = 0; i < 300; i++) {
      byte[] content = new byte[random.nextInt(3 * BLOCK)];
      random.nextBytes(content);
      files.put("d" + i % 7 + "/f" + i, content);
    }
    Path source = dir.resolve("source");
    Trees.write(source, files);
    new UploadJob(service, options.withRecursive(true), heard, source, "c", "t").run();
    recursive("t").run();
    Map<String, byte[]> back = local();
    assertThat(back).containsOnlyKeys(files.keySet());
    files.forEach((name, content) -> assertThat(back.get(name)).isEqualTo(content));
  }
}
