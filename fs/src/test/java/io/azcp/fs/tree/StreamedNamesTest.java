package io.azcp.fs.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.BlobProperties;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a name is what its last page told, as far as there is room. */
class StreamedNamesTest {
  private static final int SLAB = 1 << 20;

  @TempDir Path folder;
  private Rig rig;
  private Volume volume;

  @BeforeEach
  void volume() throws IOException {
    rig = new Rig(folder);
    volume = rig.volume("", false, Listings.MAX_NAMES);
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private static StreamedNames.Item item(int i, String etag) {
    BlobProperties p =
        new BlobProperties(
            etag, i, 1000L * i, "image/jpeg", "md5", "BlockBlob", "Hot", Map.of("k", "v" + i));
    return new StreamedNames.Item("f" + i, p);
  }

  private static List<StreamedNames.Item> page(int from, int to, String etag) {
    List<StreamedNames.Item> items = new ArrayList<>();
    for (int i = from; i < to; i++) {
      items.add(item(i, etag));
    }
    return items;
  }

  @Test
  void tellsWhatTheLastPageTold() {
    var names = new StreamedNames(volume, 8 * SLAB);
    names.add("d", 1, 10, page(0, 30_000, "one"));
    names.add("d", 2, 20, page(100, 200, "one"));
    names.add("d", 3, 30, page(200, 300, "two"));
    for (int i = 0; i < 30_000; i++) {
      NameProbe.Answer answer = names.find("d/f" + i);
      Found expected = volume.found("d/f" + i, item(i, i / 100 == 2 ? "two" : "one").properties());
      assertThat(answer.found()).isEqualTo(expected);
      int page = i / 100 == 1 ? 2 : i / 100 == 2 ? 3 : 1;
      assertThat(answer.ticketNanos()).isEqualTo(page);
      assertThat(answer.askedNanos()).isEqualTo(10L * page);
    }
    assertThat(names.find("d/f30000")).isNull();
    assertThat(names.find("e/f1")).isNull();
    names.forget("d");
    assertThat(names.find("d/f1")).isNull();
  }

  @Test
  void aDirectoryKeepsWhatItsMarkerTells() {
    var names = new StreamedNames(volume, SLAB);
    BlobProperties marker =
        new BlobProperties(
            "e", 0, 1, "", "", "BlockBlob", "", Map.of(BlobProperties.IS_FOLDER, "true"));
    names.add("d", 1, 1, List.of(new StreamedNames.Item("sub", marker)));
    names.add("d", 2, 2, List.of(new StreamedNames.Item("sub", null)));
    assertThat(names.find("d/sub").ticketNanos()).isEqualTo(2);
    assertThat(names.find("d/sub").found()).isEqualTo(volume.found("d/sub", marker));
    names.add("d", 3, 3, List.of(item(1, "one"), new StreamedNames.Item("f1", null)));
    assertThat(names.find("d/f1").found()).isEqualTo(volume.impliedDirectory());
  }

  @Test
  void dropsTheDirectoryLongestUnusedAndThenItsOwnOlderPages() {
    var names = new StreamedNames(volume, 2 * SLAB);
    names.add("a", 1, 1, page(0, 5000, "x"));
    names.add("b", 1, 1, page(0, 5000, "x"));
    assertThat(names.find("a/f1")).isNotNull();
    names.add("c", 1, 1, page(0, 5000, "x"));
    assertThat(names.find("b/f1")).isNull();
    assertThat(names.find("a/f1")).isNotNull();
    assertThat(names.find("c/f1")).isNotNull();
    for (int i = 0; i < 20; i++) {
      names.add("c", i, 1, page(5000 * i, 5000 * (i + 1), "x"));
    }
    assertThat(names.find("a/f1")).isNull();
    assertThat(names.find("c/f1")).isNull();
    assertThat(names.find("c/f99999")).isNotNull();
  }
}
