package io.azcp.transfer.engine;

import static io.azcp.transfer.blob.FaultyBlobService.Operation.GET;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.PUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.EmptyPages;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.ForwardingBlobService;
import io.azcp.transfer.blob.ListingOrder;
import io.azcp.transfer.blob.MemoryBlobService;
import io.azcp.transfer.blob.PutOptions;
import io.azcp.transfer.engine.sync.CompareMethod;
import io.azcp.transfer.engine.sync.DeleteDestination;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a sync copies, and what it leaves alone. */
class SyncJobTest extends SyncFixture {
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
  void aServiceWhoseClockIsBehindIsQuietTheSecondTimeToo() throws Exception {
    var behind = new MemoryBlobService(() -> System.currentTimeMillis() - 3_600_000);
    behind.createContainer("c");
    service =
        new ForwardingBlobService(behind) {
          @Override
          public long clockAheadMillis() {
            return -3_600_000 - 5_000;
          }
        };
    file("f", "f");
    assertThat(up().result()).isEqualTo(copied(1, 0));
    assertThat(up().result()).isEqualTo(copied(0, 1));
    age("f", 3600);
    assertThat(up().result()).isEqualTo(copied(1, 0));
  }

  @Test
  void peersFault1AFileThatIsNotWholeIsNeverCalledUnchanged() throws Exception {
    blob("p/large", "x".repeat(5 * 4096));
    blob("p/small", "small");
    faulty.next(GET, FaultyBlobService.cutBody(2));
    faulty.next(GET, FaultyBlobService.cutBody(2));
    SyncJob first = down();
    assertThat(first.stats().failed()).isPositive();
    assertThat(files())
        .allSatisfy(
            (name, text) ->
                assertThat(text.contains("\0") && !name.startsWith(".azcp-")).as(name).isFalse());
    // the first run may have given up before it met the second fault
    faulty.clearFaults();
    down();
    assertThat(files()).isEqualTo(Map.of("large", "x".repeat(5 * 4096), "small", "small"));
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

  private SyncJob copy(BlobService from, String source, BlobService to, String target)
      throws IOException {
    return run(
        SyncJob.copy(
            from,
            new ServerCopyJob.Place("c", source),
            to,
            new ServerCopyJob.Place("c", target),
            options,
            sync(),
            heard));
  }

  @Test
  void whatDiffersIsCopiedByTheService() throws Exception {
    blob("a/new", "new");
    blob("a/sub/longer", "longer");
    blob("a/sub/same", "same");
    Trees.marker(memory, "c", "a/marker/");
    blob("b/sub/longer", "long");
    blob("b/sub/same", "same");
    blob("b/extra", "extra");
    deletion = DeleteDestination.TRUE;
    assertThat(copy(faulty, "a", faulty, "b/").result())
        .isEqualTo(new SyncResult(3, 3, 1, 1, false));
    assertThat(blobs())
        .containsEntry("b/new", "new")
        .containsEntry("b/sub/longer", "longer")
        .containsKey("b/marker/")
        .doesNotContainKey("b/extra")
        .hasSize(8);
    assertThat(copy(faulty, "a/", faulty, "b").result()).isEqualTo(copied(0, 4));
    assertThat(faulty.log(GET)).isEmpty();
  }

  @Test
  void whatDiffersIsCopiedToAnotherAccount() throws Exception {
    var other = new MemoryBlobService();
    other.createContainer("c");
    blob("a/x", "x");
    assertThat(copy(faulty, "a", other, "").result()).isEqualTo(copied(1, 0));
    assertThat(Trees.blobs(other, "c")).containsOnlyKeys("x");
  }

  @Test
  void placesThatOverlapAreRefused() throws Exception {
    blob("a/b/x", "x");
    for (String[] pair : new String[][] {{"a", "a/b"}, {"a/b", "a"}, {"a", "a/"}, {"", "a"}}) {
      assertThatThrownBy(() -> copy(faulty, pair[0], faulty, pair[1]))
          .isInstanceOf(AzcpException.class)
          .hasMessageContaining("overlap");
    }
  }
}
