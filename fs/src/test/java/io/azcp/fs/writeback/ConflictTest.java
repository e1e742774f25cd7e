package io.azcp.fs.writeback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.azcp.config.OnConflict;
import io.azcp.config.WritePolicy;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.FaultyBlobService.Operation;
import io.azcp.transfer.blob.ServiceErrors;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two writers of one name: who keeps it, and what becomes of the other's version. */
class ConflictTest {
  private static final long SECOND_MILLIS = 1000;

  @TempDir Path folder;
  private Volume volume;

  @BeforeEach
  void start() throws IOException {
    volume = new Volume(folder.resolve("one")).holdUploads().start();
  }

  @AfterEach
  void stop() {
    volume.close();
  }

  private void mode(OnConflict mode) throws IOException {
    volume.close();
    volume.options = volume.options.with(WritePolicy.DEFAULT.withOnConflict(mode));
    volume.start();
  }

  /** The service tells whole seconds: what is done after this is later. */
  private static void laterSecond() throws InterruptedException {
    long now = System.currentTimeMillis() / SECOND_MILLIS;
    while (System.currentTimeMillis() / SECOND_MILLIS == now) {
      Thread.sleep(20);
    }
  }

  /** Everything arrives; answers the conflicts that this brought. */
  private static List<Writeback.Conflict> flushed(Volume volume) {
    volume.flushed();
    List<Writeback.Conflict> told = volume.writeback.untoldConflicts("");
    assertThat(volume.writeback.untoldConflicts("")).as("each is told once").isEmpty();
    return told;
  }

  private void kept(String name, String theirs, String ours) {
    List<Writeback.Conflict> conflicts = flushed(volume);
    assertThat(conflicts).singleElement().returns(name, Writeback.Conflict::name);
    String beside = conflicts.get(0).keptAs();
    assertThat(beside).matches("\\Q" + name + "\\E\\.conflict-\\d{8}T\\d{6}\\.\\d{3}Z");
    assertThat(volume.contents()).containsEntry(name, theirs).containsEntry(beside, ours);
    assertThat(volume.writeback.pending().lastError()).contains(name).contains(beside);
    assertThat(volume.writeback.pending().conflicts()).containsAll(conflicts);
  }

  // semantics: conflict
  @Test
  void aWholeFileReplacesAnOlderBlobUnseen() throws Exception {
    volume.foreign(-5, "a", "unknown to us");
    Volume.end(put(volume.writeback.create("a", Volume.file(0644), null, false), "ours"));
    assertThat(flushed(volume)).isEmpty();
    assertThat(volume.contents()).containsExactly(Map.entry("a", "ours"));
  }

  // semantics: conflict
  @Test
  void aWholeFileReplacesAnotherThanItKnew() throws Exception {
    volume.foreign("a", "known");
    RemoteFile known = volume.known("a");
    volume.foreign(-5, "a", "unknown");
    Volume.end(put(volume.writeback.create("a", Volume.file(0644), known, false), "ours"));
    assertThat(flushed(volume)).isEmpty();
    assertThat(volume.contents()).containsExactly(Map.entry("a", "ours"));
  }

  private static LocalFile put(LocalFile file, String content) throws IOException {
    Volume.put(file, 0, content);
    return file;
  }

  // semantics: conflict
  @ParameterizedTest
  @EnumSource(OnConflict.class)
  void aWholeFileNeverReplacesALaterBlob(OnConflict mode) throws Exception {
    mode(mode);
    volume.write("d/b", "ours");
    volume.foreign(5, "d/b", "later");
    kept("d/b", "later", "ours");
  }

  @Test
  void withinOneSecondNothingIsReplaced() throws Exception {
    List<Volume> two = List.of(volume, new Volume(folder.resolve("two"), volume).start());
    try {
      laterSecond();
      long second = System.currentTimeMillis() / SECOND_MILLIS;
      two.get(1).write("a", "other");
      two.get(1).flushed();
      Volume.end(put(volume.writeback.create("a", Volume.file(0644), null, false), "ours"));
      boolean together = System.currentTimeMillis() / SECOND_MILLIS == second;
      volume.flushed();
      assertThat(volume.contents()).hasSize(together ? 2 : 1);
      assertThat(volume.contents()).containsEntry("a", together ? "other" : "ours");
    } finally {
      two.get(1).close();
    }
  }

  @Test
  void keepLeavesTheNameToWhatTheServiceHas() throws Exception {
    mode(OnConflict.KEEP);
    volume.foreign(-5, "a", "theirs");
    Volume.end(put(volume.writeback.create("a", Volume.file(0644), null, false), "ours"));
    kept("a", "theirs", "ours");
  }

  @Test
  void keepReplacesWhatItKnewAndWhatItMadeItself() throws Exception {
    mode(OnConflict.KEEP);
    volume.foreign("a", "known");
    volume.write("a", "one");
    volume.flushed();
    volume.write("a", "two");
    volume.write("a.tmp", "three");
    volume.rename("a.tmp", "a");
    assertThat(flushed(volume)).isEmpty();
    assertThat(volume.contents()).containsExactly(Map.entry("a", "three"));
  }

  @ParameterizedTest
  @EnumSource(OnConflict.class)
  void aChangeInPlaceIsKeptBesideAlsoWhereItIsLater(OnConflict mode) throws Exception {
    mode(mode);
    volume.write("log", "one");
    volume.flushed();
    volume.foreign(-5, "log", "theirs");
    LocalFile file = reopenOld("log", "one");
    Volume.put(file, 3, " two");
    Volume.end(file);
    kept("log", "theirs", "one two");
  }

  /** Opens for change what the mount believes to be there. */
  private LocalFile reopenOld(String name, String content) throws IOException {
    OverlayEntry.Remote known = (OverlayEntry.Remote) volume.writeback.overlay(name).get();
    Path temporary = folder.resolve("old");
    java.nio.file.Files.writeString(temporary, content);
    volume.cache.publish(temporary.toString(), name, known.file().version());
    try (var whole = volume.cache.open(name, known.file().version())) {
      return volume.writeback.takeOut(name, known.file(), whole);
    }
  }

  @ParameterizedTest
  @EnumSource(OnConflict.class)
  void aReplayedWriteNeverReplacesWhatWasWrittenAfterIt(OnConflict mode) throws Exception {
    mode(mode);
    volume.write("a", "ours");
    assertThat(volume.writeback.pending().operations()).isPositive();
    volume.kill();
    volume.serviceAhead.set(5000);
    try (var other = new Volume(folder.resolve("two"), volume).start()) {
      other.write("a", "written while the first was dead");
      other.flushed();
    }
    volume.start();
    kept("a", "written while the first was dead", "ours");
  }

  // semantics: exclusive
  @Test
  void theLoserOfAnExclusiveCreationIsKeptBeside() throws Exception {
    volume.foreign(-5, "lock", "theirs");
    Volume.end(put(volume.writeback.create("lock", Volume.file(0644), null, true), "ours"));
    kept("lock", "theirs", "ours");
  }

  @Test
  void whatIsRenamedOverAFileIsLaterThanThatFile() throws Exception {
    volume.write("a.tmp", "ours");
    laterSecond();
    volume.foreign("a", "written after ours was closed, before it was renamed");
    laterSecond();
    volume.writeback.rename(List.of(new Writeback.Rename("a.tmp", "a", false, null, null, null)));
    assertThat(flushed(volume)).isEmpty();
    assertThat(volume.contents()).containsExactly(Map.entry("a", "ours"));
  }

  @Test
  void aMoveNeverReplacesALaterBlob() throws Exception {
    volume.foreign("a", "ours");
    var gate = new FaultyBlobService.Gate();
    volume.service.next(Operation.COPY, gate);
    volume.rename("a", "b");
    gate.awaitArrival();
    volume.foreign(5, "b", "later");
    gate.open();
    kept("b", "later", "ours");
    assertThat(volume.exists("a")).isFalse();
  }

  @Test
  void theSameContentFromTwoWritersIsNoConflict() throws Exception {
    volume.write("config.json", "{}");
    try (var other = new Volume(folder.resolve("two"), volume).start()) {
      volume.serviceAhead.set(5000);
      other.write("config.json", "{}");
      other.flushed();
    }
    assertThat(flushed(volume)).isEmpty();
    assertThat(volume.contents()).containsExactly(Map.entry("config.json", "{}"));
    assertThat(volume.known("config.json").version().etag())
        .isEqualTo(volume.head("config.json").etag());
  }

  @Test
  void threeVersionsAreKeptBesideAName() throws Exception {
    mode(OnConflict.KEEP);
    volume.foreign("a.conflict-20200101T000000.000Z", "not ours");
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      volume.foreign("a", "theirs " + i);
      Volume.end(put(volume.writeback.create("a", Volume.file(0644), null, false), "ours " + i));
      names.add(flushed(volume).get(0).keptAs());
    }
    Map<String, String> all = new TreeMap<>(volume.contents());
    assertThat(all).containsEntry("a.conflict-20200101T000000.000Z", "not ours");
    assertThat(all).containsEntry(names.get(2), "ours 3").containsEntry(names.get(4), "ours 5");
    assertThat(all.keySet()).doesNotContain(names.get(0), names.get(1)).hasSize(5);
  }

  @Test
  void aNameThatHasNoRoomForTheTimeIsShortened() throws Exception {
    mode(OnConflict.KEEP);
    String longest = "d/" + "\u00e4".repeat(127);
    volume.foreign(longest, "theirs");
    Volume.end(put(volume.writeback.create(longest, Volume.file(0644), null, false), "ours"));
    String kept = flushed(volume).get(0).keptAs();
    assertThat(kept).startsWith("d/\u00e4").contains(".conflict-");
    assertThat(kept.substring(2).getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .hasSizeLessThanOrEqualTo(255);
    assertThat(volume.contents()).containsEntry(kept, "ours");
  }

  @Test
  void timesAreComparedByTheServicesClock() throws Exception {
    volume.close();
    volume.clockAheadMillis = -Duration.ofHours(1).toMillis();
    volume.start();
    volume.foreign(-5, "a", "theirs, an hour ago by our clock, a moment ago by the service's");
    Volume.end(put(volume.writeback.create("a", Volume.file(0644), null, false), "ours"));
    assertThat(flushed(volume)).hasSize(1);
  }

  @Test
  void aLeasedBlobIsWaitedForAndShown() throws Exception {
    var lease =
        new FaultyBlobService.Fault() {
          private volatile boolean held = true;

          @Override
          public void before(FaultyBlobService.Request request) throws IOException {
            if (held) {
              volume.service.next(Operation.PUT, this);
              throw ServiceErrors.of("put", request.name(), 412, "LeaseIdMissing", "", "");
            }
          }
        };
    volume.service.next(Operation.PUT, lease);
    volume.write("a", "ours");
    assertThat(volume.writeback.flush("", 100_000_000L)).isFalse();
    await().atMost(Duration.ofMinutes(1)).until(() -> volume.writeback.pending().leased() == 1);
    assertThat(volume.writeback.pending().failed()).as("not given up").isZero();
    assertThat(volume.writeback.pending().lastError()).contains("a").contains("lease");
    lease.held = false;
    assertThat(flushed(volume)).isEmpty();
    assertThat(volume.contents()).containsExactly(Map.entry("a", "ours"));
    assertThat(volume.writeback.pending().leased()).isZero();
  }
}
