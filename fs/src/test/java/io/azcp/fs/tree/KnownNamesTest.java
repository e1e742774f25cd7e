package io.azcp.fs.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.cache.index.Index;
import io.azcp.cache.index.MemoryIndex;
import io.azcp.transfer.blob.BlobProperties;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the index tells of a directory is what its listing told, or nothing. */
class KnownNamesTest {
  @TempDir Path folder;
  private final Index index = new MemoryIndex(64 << 20);
  private Rig rig;
  private Volume volume;
  private KnownNames names;

  @BeforeEach
  void volume() throws IOException {
    rig = new Rig(folder);
    volume = rig.volume("", false, Listings.MAX_NAMES, index);
    names = volume.names();
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private static ListedItem item(int i, String etag) {
    String md5 = i % 3 == 0 ? "" : i % 3 == 1 ? "not base64" : "XrY7u+Ae7tCTyyK7j1rNww==";
    BlobProperties p =
        new BlobProperties(
            etag + i,
            i,
            1000L * i,
            "image/jpeg",
            md5,
            "BlockBlob",
            i % 2 == 0 ? "Hot" : "",
            Map.of("k", "v" + i));
    return new ListedItem(part(i), p);
  }

  private static String part(int i) {
    return "f%07d.jpg".formatted(i);
  }

  private static List<ListedItem> page(int from, int to, String etag) {
    List<ListedItem> items = new ArrayList<>();
    for (int i = from; i < to; i++) {
      items.add(item(i, etag));
    }
    return items;
  }

  private Found found(int i, String etag) {
    return volume.found("d/" + part(i), item(i, etag).properties());
  }

  @Test
  void tellsWhatTheLastPageTold() {
    try (NameRecording recording = names.record("d", true)) {
      for (int p = 0; p < 4; p++) {
        recording.page(100 + p, 10L * p, page(5000 * p, 5000 * (p + 1), "one"));
        NameProbe.Answer answer = names.find("d/" + part(5000 * p + 77));
        assertThat(answer.found()).isEqualTo(found(5000 * p + 77, "one"));
        assertThat(answer.ticketNanos()).isEqualTo(100 + p);
        assertThat(answer.askedNanos()).isEqualTo(10L * p);
        assertThat(names.find("d/" + part(5000 * (p + 1)))).as("may come yet").isNull();
      }
      assertThat(names.large("d")).as("not whole yet").isNull();
      recording.complete(null, true);
    }
    for (int i = 0; i < 20_000; i += 13) {
      assertThat(names.find("d/" + part(i)).found()).isEqualTo(found(i, "one"));
    }
    for (String absent : List.of("d/a", "d/f", "d/" + part(20_000), "d/" + part(5) + "x")) {
      assertThat(names.find(absent)).isEqualTo(new NameProbe.Answer(Found.Absent.NOTHING, 100, 0));
    }
    assertThat(names.find("e/f1")).isNull();
    names.forget("d");
    assertThat(names.find("d/" + part(1))).isNull();
    assertThat(index.size()).isZero();
  }

  @Test
  void aNewListingStandsBesideTheOldOneUntilItIsWhole() {
    try (NameRecording recording = names.record("d", true)) {
      recording.page(1, 1, page(0, 10_000, "one"));
      recording.complete(null, true);
    }
    long one = index.size();
    try (NameRecording recording = names.record("d", true)) {
      recording.page(2, 2, page(0, 6000, "two"));
      assertThat(names.find("d/" + part(1)).found()).isEqualTo(found(1, "two"));
      assertThat(names.find("d/" + part(9000)).found()).isEqualTo(found(9000, "one"));
      try (NameRecording second = names.record("d", true)) {
        second.page(3, 3, page(0, 6000, "three"));
        second.complete(null, true);
      }
      assertThat(names.find("d/" + part(1)).found()).isEqualTo(found(1, "two"));
    }
    assertThat(names.find("d/" + part(1)).found()).as("read in part").isEqualTo(found(1, "two"));
    try (NameRecording recording = names.record("d", true)) {
      recording.page(4, 4, page(0, 10_000, "four"));
      recording.complete(null, true);
    }
    assertThat(names.find("d/" + part(9000)).found()).isEqualTo(found(9000, "four"));
    assertThat(index.size()).as("what was before is gone").isEqualTo(one);
  }

  private void record(String etag, int from, int to) {
    try (NameRecording recording = names.record("d", true)) {
      recording.page(1, 1, page(from, to, etag));
      recording.complete(null, true);
    }
  }

  private Found known(int i) {
    return names.find("d/" + part(i)).found();
  }

  @Test
  void whoFindsNamesInTheirOrderFindsThemToo() {
    record("one", 0, 1000);
    for (int i = 0; i < 1000; i++) {
      assertThat(known(i)).isEqualTo(found(i, "one"));
    }
    for (int i = 999; i >= 0; i--) {
      assertThat(known(i)).isEqualTo(found(i, "one"));
    }
    for (int i = 300; i < 310; i++) {
      assertThat(names.find("d/" + part(i) + "!").found()).isEqualTo(Found.Absent.NOTHING);
      assertThat(known(i)).isEqualTo(found(i, "one"));
    }
  }

  @Test
  void namesFoundInTheirOrderAreThoseOfTheNewestListing() {
    record("one", 0, 1000);
    for (int i = 100; i < 110; i++) {
      assertThat(known(i)).isEqualTo(found(i, "one"));
    }
    record("two", 105, 1000);
    for (int i = 100; i < 110; i++) {
      assertThat(known(i)).isEqualTo(i < 105 ? Found.Absent.NOTHING : found(i, "two"));
    }
    names.forgetOne("d");
    for (int i = 100; i < 110; i++) {
      assertThat(names.find("d/" + part(i))).isNull();
    }
  }

  @Test
  void namesThatAreNotInOrderAreNotKept() {
    try (NameRecording recording = names.record("d", true)) {
      recording.page(1, 1, List.of(item(2, "x"), item(1, "x")));
      recording.page(2, 2, page(5, 10, "x"));
      recording.complete(null, true);
    }
    assertThat(names.large("d")).isNull();
    assertThat(names.find("d/" + part(2))).isNull();
  }

  @Test
  void tellsDirectoriesTheirMarkersAndBlobsApart() {
    BlobProperties blob = item(1, "x").properties();
    BlobProperties marker =
        new BlobProperties(
            "e", 0, 1, "", "", "BlockBlob", "", Map.of(BlobProperties.IS_FOLDER, "true"));
    List<ListedItem> items =
        List.of(
            new ListedItem("blob", blob),
            new ListedItem("both", blob),
            new ListedItem("both/", null),
            new ListedItem("made", marker),
            new ListedItem("made!", blob),
            new ListedItem("made/", null),
            new ListedItem("only/", null));
    Map<String, Found> expected =
        Map.of(
            "blob", volume.found("d/blob", blob),
            "both", volume.impliedDirectory(),
            "made", volume.found("d/made", marker),
            "made!", volume.found("d/made!", blob),
            "only", volume.impliedDirectory());
    for (boolean large : new boolean[] {true, false}) {
      try (NameRecording recording = names.record("d", large)) {
        recording.page(1, 7, items);
        recording.complete(marker, large);
      }
      Listing listing = names.listing("d");
      if (large) {
        assertThat(listing).isNull();
        expected.forEach(
            (part, found) -> assertThat(names.find("d/" + part).found()).isEqualTo(found));
      } else {
        assertThat(listing.names()).isEqualTo(expected);
        assertThat(listing.complete()).isTrue();
        assertThat(listing.slashMarker())
            .isEqualTo(((Found.Directory) volume.found("d/", marker)).marker());
        assertThat(listing.askedNanos()).isEqualTo(7);
      }
    }
  }

  @Test
  void oneThatLostPartOfItselfIsNone() {
    Random random = new Random(11);
    for (int round = 0; round < 20; round++) {
      boolean large = round % 2 == 0;
      try (NameRecording recording = names.record("d", large)) {
        recording.page(1, 1, page(0, 4000, "x"));
        recording.complete(null, large);
      }
      int kept = random.nextInt(31);
      int[] at = {0};
      index.removeIf(key -> at[0]++ == kept);
      // What is kept as objects is not lost.
      KnownNames fresh = new KnownNames(volume, index);
      Listing listing = fresh.listing("d");
      assertThat(listing)
          .as("not lasting in another session, or not whole")
          .satisfiesAnyOf(l -> assertThat(l).isNull(), l -> assertThat(l.names()).hasSize(4000));
      for (int i = 0; i < 4000; i += 31) {
        NameProbe.Answer answer = fresh.find("d/" + part(i));
        if (answer != null) {
          assertThat(answer.found()).isEqualTo(found(i, "x"));
        }
      }
    }
  }

  @Test
  void aDirectoryChangedHereIsNotTakenOverByTheNextMount() {
    for (String directory : List.of("d", "e", "f")) {
      try (NameRecording recording = names.record(directory, false)) {
        recording.page(1, 1, page(0, 300, "x"));
        if (directory.equals("f")) {
          names.changed("f");
        }
        recording.complete(null, false);
      }
    }
    names.changed("d");
    assertThat(names.listing("d").names()).hasSize(300);
    KnownNames next = new KnownNames(volume, index);
    assertThat(next.listing("d")).isNull();
    assertThat(next.listing("e").names()).hasSize(300);
    assertThat(next.listing("f")).isNull();

    KnownNames later = new KnownNames(volume, new MemoryIndex(1 << 20));
    later.changed("e");
    later.taking(index);
    assertThat(new KnownNames(volume, index).listing("e")).isNull();
  }

  @Test
  void longNamesAndMuchMetadataFit() {
    List<ListedItem> items = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      byte[] noise = new byte[3000];
      new Random(i).nextBytes(noise);
      String text = java.util.Base64.getEncoder().encodeToString(noise);
      items.add(
          new ListedItem(
              part(i) + "\u00e4\ud83d\ude00".repeat(40),
              new BlobProperties("e", 1, 1, "", "", "BlockBlob", "", Map.of("noise", text))));
    }
    try (NameRecording recording = names.record("", true)) {
      recording.page(1, 1, items);
      recording.complete(null, true);
    }
    for (ListedItem item : items) {
      assertThat(names.find(item.key()).found())
          .isEqualTo(volume.found(item.key(), item.properties()));
    }
  }
}
