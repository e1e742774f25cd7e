package io.azcp.transfer.engine;

import static io.azcp.transfer.blob.FaultyBlobService.Operation.COPY;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.DELETE;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.GET;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.LIST;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.PUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.UsageException;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.EmptyPages;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.ListingOrder;
import io.azcp.transfer.blob.MemoryBlobService;
import io.azcp.transfer.blob.PutOptions;
import io.azcp.transfer.engine.sync.CompareMethod;
import io.azcp.transfer.engine.sync.DeleteDestination;
import io.azcp.transfer.engine.sync.MaxDelete;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SyncJobTest {
  /** The service's clock: well after the files of the tests were written. */
  private final MemoryBlobService memory =
      new MemoryBlobService(() -> System.currentTimeMillis() + 60_000);

  private final FaultyBlobService faulty = new FaultyBlobService(memory);
  private final Heard heard = new Heard();
  @TempDir Path dir;
  private Path local;
  private BlobService service = faulty;
  private TransferOptions options =
      TransferOptions.builder().blockSize(4096).concurrency(4).parallelFiles(2).build();
  private CompareMethod compare = CompareMethod.SIZE_AND_MTIME;
  private DeleteDestination deletion = DeleteDestination.FALSE;
  private MaxDelete maxDelete = MaxDelete.NONE;
  private String prefix = "p";

  @BeforeEach
  void places() throws IOException {
    memory.createContainer("c");
    local = Files.createDirectory(dir.resolve("local"));
  }

  private void file(String name, String text) throws IOException {
    Trees.write(local, Map.of(name, Trees.utf8(text)));
  }

  private void blob(String name, String text) throws IOException {
    Trees.put(memory, "c", name, Trees.utf8(text));
  }

  private SyncOptions sync() {
    return new SyncOptions(compare, deletion, maxDelete, dir);
  }

  private SyncJob up() throws IOException {
    return run(SyncJob.upload(service, options, sync(), heard, local, "c", prefix));
  }

  private SyncJob down() throws IOException {
    return run(SyncJob.download(service, options, sync(), heard, "c", prefix, local));
  }

  private static SyncJob run(SyncJob job) throws IOException {
    job.run();
    return job;
  }

  private static SyncResult copied(long files, long unchanged) {
    return new SyncResult(files, files, unchanged, 0, false);
  }

  private Map<String, String> blobs() throws IOException {
    return texts(Trees.blobs(memory, "c"));
  }

  private Map<String, String> files() throws IOException {
    return texts(Trees.read(local));
  }

  private static Map<String, String> texts(Map<String, byte[]> contents) {
    Map<String, String> texts = new TreeMap<>();
    contents.forEach(
        (name, bytes) ->
            texts.put(name, new String(bytes, java.nio.charset.StandardCharsets.UTF_8)));
    return texts;
  }

  private void age(String name, long seconds) throws IOException {
    Path path = local.resolve(name);
    long then = Files.getLastModifiedTime(path).toMillis() + seconds * 1000;
    Files.setLastModifiedTime(path, FileTime.fromMillis(then));
  }

  @Test
  void whatDiffersGoesUp() throws Exception {
    file("new", "new");
    file("sub/same", "same");
    file("sub/longer", "longer");
    file("newer", "newer");
    age("newer", 3600);
    blob("p/sub/same", "same");
    blob("p/sub/longer", "long");
    blob("p/newer", "older");
    blob("pp/other", "other");
    assertThat(up().result()).isEqualTo(copied(3, 1));
    assertThat(blobs())
        .containsEntry("p/new", "new")
        .containsEntry("p/sub/longer", "longer")
        .containsEntry("p/newer", "newer")
        .hasSize(5);
    assertThat(heard.ended(FileResult.Status.DONE))
        .containsExactlyInAnyOrder("new", "sub/longer", "newer");
  }

  @Test
  void whatDiffersComesDown() throws Exception {
    blob("p/new", "new");
    blob("p/sub/same", "same");
    blob("p/sub/longer", "longer");
    blob("p/newer", "newer");
    blob("pp/other", "other");
    file("sub/same", "same");
    age("sub/same", 3600);
    file("sub/longer", "long");
    file("newer", "older");
    assertThat(down().result()).isEqualTo(copied(3, 1));
    assertThat(files())
        .isEqualTo(
            Map.of("new", "new", "sub/same", "same", "sub/longer", "longer", "newer", "newer"));
  }

  @Test
  void peersFault15AnImmediateSecondSyncIsQuiet() throws Exception {
    for (int i = 0; i < 50; i++) {
      file("d" + i % 7 + "/f" + i, "x".repeat(200 * i));
    }
    assertThat(up().result()).isEqualTo(copied(50, 0));
    faulty.clearLog();
    assertThat(up().result()).isEqualTo(copied(0, 50));
    local = dir.resolve("elsewhere");
    assertThat(down().result()).isEqualTo(copied(50, 0));
    assertThat(down().result()).isEqualTo(copied(0, 50));
    assertThat(up().result()).isEqualTo(copied(0, 50));
    assertThat(faulty.log(PUT)).isEmpty();
    assertThat(faulty.log(GET)).hasSizeLessThanOrEqualTo(50 * 3);
  }

  @Test
  void peersFault1AFileThatIsNotWholeIsNeverCalledUnchanged() throws Exception {
    blob("p/large", "x".repeat(5 * 4096));
    blob("p/small", "small");
    faulty.next(GET, FaultyBlobService.cutBody(2));
    faulty.next(GET, FaultyBlobService.cutBody(2));
    SyncJob first = down();
    assertThat(first.stats().failed()).isPositive();
    assertThat(files().values()).allMatch(text -> !text.contains("\0"));
    down();
    assertThat(files()).isEqualTo(Map.of("large", "x".repeat(5 * 4096), "small", "small"));
  }

  @Test
  void extraFilesStayUnlessTheirDeletionIsAskedFor() throws Exception {
    file("a", "a");
    blob("p/extra", "extra");
    up();
    assertThat(blobs()).containsOnlyKeys("p/a", "p/extra");
    deletion = DeleteDestination.TRUE;
    assertThat(up().result()).isEqualTo(new SyncResult(0, 0, 1, 1, false));
    assertThat(blobs()).containsOnlyKeys("p/a");
    assertThat(heard.ended(FileResult.Status.DELETED)).containsExactly("p/extra");
  }

  @Test
  void extraLocalFilesGoWithTheDirectoriesTheyEmpty() throws Exception {
    blob("p/a/keep", "keep");
    file("a/b/c/extra", "1");
    file("a/b/extra", "2");
    file("z/extra", "3");
    file("y/x/extra", "4");
    Files.createDirectory(local.resolve("empty"));
    Files.createSymbolicLink(local.resolve("link"), dir);
    deletion = DeleteDestination.TRUE;
    assertThat(down().result()).isEqualTo(new SyncResult(1, 1, 0, 4, false));
    assertThat(local.toFile().list()).containsExactlyInAnyOrder("a", "empty", "link");
    assertThat(local.resolve("a").toFile().list()).containsExactly("keep");
    assertThat(dir).exists();
  }

  @Test
  void aFileThatChangedAfterTheScanIsNotDeleted() throws Exception {
    blob("p/a", "a");
    file("extra", "extra");
    faulty.next(GET, FaultyBlobService.first(() -> file("extra", "precious")));
    deletion = DeleteDestination.TRUE;
    down();
    assertThat(files()).containsOnlyKeys("a", "extra");
    assertThat(heard.failed).singleElement().asString().contains("extra", "not deleted");
  }

  @Test
  void aBlobThatChangedAfterTheScanIsNotDeleted() throws Exception {
    file("a", "a");
    blob("p/extra", "extra");
    blob("p/other", "other");
    faulty.next(PUT, FaultyBlobService.first(() -> blob("p/extra", "precious")));
    deletion = DeleteDestination.TRUE;
    up();
    assertThat(blobs()).containsEntry("p/extra", "precious").doesNotContainKey("p/other");
    assertThat(heard.failed).singleElement().asString().contains("p/extra", "not deleted");
  }

  @Test
  void blobsAreDeletedOneByOneWhereThereAreNoBatches() throws Exception {
    file("a", "a");
    for (int i = 0; i < 300; i++) {
      blob("p/extra" + i, "extra");
    }
    faulty.next(
        FaultyBlobService.Operation.DELETE_BATCH,
        FaultyBlobService.refuse(403, "AuthorizationPermissionMismatch"));
    deletion = DeleteDestination.TRUE;
    assertThat(up().result().deleted()).isEqualTo(300);
    assertThat(blobs()).containsOnlyKeys("p/a");
    assertThat(faulty.log(DELETE)).isNotEmpty();
  }

  @Test
  void peersFault16AListingThatBreaksOffDeletesNothing() throws Exception {
    deletion = DeleteDestination.TRUE;
    for (int i = 0; i < 10; i++) {
      blob("p/f" + i, "x");
      file("f" + i, "x");
    }
    file("extra", "extra");
    service = new EmptyPages(faulty);
    // The fourth page of three never comes.
    for (int page = 0; page < 3; page++) {
      faulty.next(LIST, FaultyBlobService.first(() -> {}));
    }
    faulty.next(LIST, FaultyBlobService.refuse(503, "ServerBusy"));
    assertThatThrownBy(this::down).isInstanceOf(AzcpException.class).hasMessageContaining("503");
    assertThat(files()).hasSize(11);
    service = new EmptyPages(faulty);
    blob("p/remote-extra", "extra");
    faulty.next(LIST, FaultyBlobService.refuse(500, "InternalError"));
    assertThatThrownBy(this::up).isInstanceOf(AzcpException.class);
    assertThat(blobs()).hasSize(11);
    assertThat(faulty.log(DELETE)).isEmpty();
  }

  @Test
  void peersFault16ADirectoryThatCannotBeReadDeletesNothing() throws Exception {
    file("a", "a");
    Files.write(Path.of(java.net.URI.create(local.toUri() + "bad%FFname")), new byte[1]);
    blob("p/extra", "extra");
    deletion = DeleteDestination.TRUE;
    SyncJob job = up();
    assertThat(job.result()).isEqualTo(new SyncResult(1, 1, 0, 0, true));
    assertThat(job.stats().failed()).isEqualTo(1);
    assertThat(blobs()).containsOnlyKeys("p/a", "p/extra");
    assertThat(heard.warned).singleElement().asString().contains("nothing was deleted");
  }

  @Test
  void peersFault16ACopyThatFailedDeletesNothing() throws Exception {
    file("a", "a");
    blob("p/extra", "extra");
    deletion = DeleteDestination.TRUE;
    faulty.next(PUT, FaultyBlobService.refuse(409, "LeaseIdMissing"));
    assertThat(up().result()).isEqualTo(new SyncResult(1, 0, 0, 0, true));
    assertThat(blobs()).containsOnlyKeys("p/extra");
  }

  @Test
  void anEmptySourceDeletesOnlyWhatALimitAllows() throws Exception {
    blob("p/extra", "extra");
    deletion = DeleteDestination.TRUE;
    assertThat(up().result()).isEqualTo(new SyncResult(0, 0, 0, 0, true));
    assertThat(blobs()).containsOnlyKeys("p/extra");
    assertThat(heard.warned).singleElement().asString().contains("--max-delete 100%");
    maxDelete = MaxDelete.parse("100%");
    assertThat(up().result()).isEqualTo(new SyncResult(0, 0, 0, 1, false));
    assertThat(blobs()).isEmpty();
  }

  @Test
  void moreThanTheLimitIsNotDeletedAtAll() throws Exception {
    file("a", "a");
    for (int i = 0; i < 5; i++) {
      blob("p/extra" + i, "extra");
    }
    deletion = DeleteDestination.TRUE;
    for (String limit : List.of("4", "50%", "0")) {
      maxDelete = MaxDelete.parse(limit);
      assertThat(up().result().refused()).isTrue();
      assertThat(blobs()).hasSize(6);
    }
    assertThat(heard.warned.get(0))
        .isEqualTo(
            "nothing was deleted at the destination: 5 of its 5 files are not in the source, and"
                + " --max-delete allows 4");
    maxDelete = MaxDelete.parse("90%");
    assertThat(up().result()).isEqualTo(new SyncResult(0, 0, 1, 5, false));
  }

  @Test
  void theUserIsAskedOnce() throws Exception {
    file("a", "a");
    blob("p/extra1", "1");
    blob("p/extra2", "2");
    deletion = DeleteDestination.PROMPT;
    heard.answers.add(TransferEvents.Answer.NO);
    assertThat(up().result().deleted()).isZero();
    assertThat(heard.asked).containsExactly("2: p/extra1, p/extra2");
    heard.answers.add(TransferEvents.Answer.YES);
    assertThat(up().result().deleted()).isEqualTo(2);
    blob("p/extra3", "3");
    assertThatThrownBy(this::up).isInstanceOf(UsageException.class);
    assertThat(blobs()).containsOnlyKeys("p/a", "p/extra3");
  }

  @Test
  void aDryRunTellsInOrderAndDoesNothing() throws Exception {
    file("b", "b");
    file("a/x", "x");
    blob("p/extra", "extra");
    deletion = DeleteDestination.TRUE;
    options = options.toBuilder().dryRun(true).build();
    assertThat(up().result()).isEqualTo(new SyncResult(2, 0, 0, 0, false));
    assertThat(heard.planned).containsExactly("a/x", "b");
    assertThat(heard.plannedDeletions).containsExactly("p/extra");
    down();
    assertThat(heard.planned).containsExactly("a/x", "b", "p/extra");
    assertThat(heard.plannedDeletions).containsExactly("p/extra", "a/x", "b");
    assertThat(blobs()).containsOnlyKeys("p/extra");
    assertThat(files()).containsOnlyKeys("a/x", "b");
  }

  @Test
  void threeListingOrdersGiveTheSameResult() throws Exception {
    List<String> names =
        List.of("A/x", "A-B", "A.txt", "A/y/z", "\ud83d\ude00", "\uff21", "b/c", "b-", "b!/d");
    List<String> changed = List.of("A-B", "A/y/z", "\uff21", "b!/d", "new/\ud83d\ude00");
    for (String name : names) {
      Trees.write(local, Map.of(name, Trees.utf8("old")));
    }
    List<Object> plans = new ArrayList<>();
    options = options.toBuilder().dryRun(true).build();
    deletion = DeleteDestination.TRUE;
    compare = CompareMethod.SIZE;
    for (ListingOrder order : ListingOrder.values()) {
      var ordered = new MemoryBlobService(order, System::currentTimeMillis);
      ordered.createContainer("c");
      for (String name : changed) {
        Trees.put(ordered, "c", "p/" + name, Trees.utf8("changed"));
      }
      service = new EmptyPages(ordered);
      heard.planned.clear();
      heard.plannedDeletions.clear();
      SyncResult down = down().result();
      SyncResult up = up().result();
      plans.add(List.of(down, up, List.copyOf(heard.planned), List.copyOf(heard.plannedDeletions)));
    }
    assertThat(plans).hasSize(3).containsOnly(plans.get(0));
    assertThat(heard.planned).contains("A-B", "p/A-B").hasSize(5 + 9);
    assertThat(heard.plannedDeletions).contains("A.txt", "p/new/\ud83d\ude00").hasSize(5 + 1);
  }

  @Test
  void filtersHoldOnBothSides() throws Exception {
    file("a.txt", "a");
    file("a.log", "a");
    blob("p/extra.log", "extra");
    blob("p/extra.txt", "extra");
    deletion = DeleteDestination.TRUE;
    options = options.toBuilder().filter((name, time) -> name.endsWith(".txt")).build();
    assertThat(up().result()).isEqualTo(new SyncResult(1, 1, 0, 1, false));
    assertThat(blobs()).containsOnlyKeys("p/a.txt", "p/extra.log");
  }

  @Test
  void aSourceThatIsNotThereIsAnError() throws Exception {
    file("a", "a");
    deletion = DeleteDestination.TRUE;
    prefix = "absent";
    assertThatThrownBy(this::down).isInstanceOf(AzcpException.class).hasMessageContaining("absent");
    assertThat(files()).containsOnlyKeys("a");
    blob("one", "one");
    prefix = "one";
    assertThatThrownBy(this::down)
        .isInstanceOf(AzcpException.class)
        .hasMessageContaining("azcp copy");
    local = dir.resolve("absent");
    assertThatThrownBy(this::up).isInstanceOf(AzcpException.class).hasMessageContaining("absent");
    assertThat(blobs()).containsOnlyKeys("one");
  }

  @Test
  void md5sTellWhatChangedAtTheSameSize() throws Exception {
    compare = CompareMethod.MD5;
    for (int i = 0; i < 40; i++) {
      file("f" + i, "same" + i);
    }
    up();
    for (int i = 0; i < 40; i += 4) {
      file("f" + i, "more" + i);
      age("f" + i, -7200);
    }
    assertThat(up().result()).isEqualTo(copied(10, 30));
    assertThat(blobs()).containsEntry("p/f4", "more4").containsEntry("p/f5", "same5");
    file("f7", "diff7");
    assertThat(down().result()).isEqualTo(copied(1, 39));
    assertThat(files()).containsEntry("f7", "same7");
  }

  @Test
  void blobsWithoutAnMd5AreNamedAndNothingIsDone() throws Exception {
    compare = CompareMethod.MD5;
    blob("p/has", "has");
    memory.putBlock("c", "p/lacks", "AAAA", BodySource.of(new byte[5]));
    memory.putBlockList("c", "p/lacks", List.of("AAAA"), PutOptions.NONE);
    for (String name : List.of("has", "lacks", "new")) {
      file(name, name);
    }
    assertThatThrownBy(this::up)
        .isInstanceOf(AzcpException.class)
        .hasMessageContaining("lacks")
        .hasMessageContaining("hint: re-upload these with 'azcp copy --check-md5 …'");
    assertThat(blobs()).containsOnlyKeys("p/has", "p/lacks");
  }

  @Test
  void aLinkAtTheSourceProtectsWhatIsAtTheDestination() throws Exception {
    file("a", "a");
    Files.createSymbolicLink(local.resolve("link"), local.resolve("a"));
    blob("p/link", "followed earlier");
    deletion = DeleteDestination.TRUE;
    assertThat(up().result()).isEqualTo(copied(1, 0));
    assertThat(blobs()).containsOnlyKeys("p/a", "p/link");
    assertThat(heard.warned).singleElement().asString().contains("link", "symbolic link");
  }

  @Test
  void markersBecomeDirectoriesAndStay() throws Exception {
    Trees.marker(memory, "c", "p/listed-as-empty");
    blob("p/listed-as-empty/a", "a");
    Trees.marker(memory, "c", "p/slash/");
    blob("p/f", "f");
    deletion = DeleteDestination.TRUE;
    file("slash/extra", "extra");
    assertThat(down().result().deleted()).isEqualTo(1);
    assertThat(down().result().planned()).isZero();
    assertThat(local.resolve("slash")).isEmptyDirectory();
    assertThat(files()).containsOnlyKeys("f", "listed-as-empty/a");
    assertThat(up().result()).isEqualTo(copied(0, 2));
    assertThat(blobs()).hasSize(4);
  }

  @Test
  void namesThatNoPathCanHoldAreLeftOut() throws Exception {
    blob("p/a//b", "x");
    blob("p/" + "b".repeat(256), "x");
    blob("p/fine", "x");
    down();
    assertThat(files()).containsOnlyKeys("fine");
    assertThat(heard.warned).singleElement().asString().contains("2 blobs", "p/a//b");
  }

  @Test
  void nothingIsLeftInTheFolderOfTheLists() throws Exception {
    for (int i = 0; i < 20; i++) {
      file("f" + i, "x");
    }
    up();
    assertThat(dir.toFile().list()).containsExactly("local");
  }

  @Test
  void aRefusedCredentialEndsItAtOnce() throws Exception {
    for (int i = 0; i < 20; i++) {
      file("f" + i, "x");
    }
    faulty.next(PUT, FaultyBlobService.refuse(403, "AuthenticationFailed"));
    blob("p/extra", "extra");
    deletion = DeleteDestination.TRUE;
    assertThatThrownBy(this::up)
        .isInstanceOfSatisfying(
            AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EACCES));
    assertThat(blobs()).containsKey("p/extra");
    assertThat(Arrays.asList(COPY, DELETE)).allSatisfy(op -> assertThat(faulty.log(op)).isEmpty());
  }
}
