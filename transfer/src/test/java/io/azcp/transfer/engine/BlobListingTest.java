package io.azcp.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.FaultyBlobService.Operation;
import io.azcp.transfer.blob.ListQuery;
import io.azcp.transfer.blob.MemoryBlobService;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BlobListingTest {
  private final MemoryBlobService memory = new MemoryBlobService();
  private final FaultyBlobService service = new FaultyBlobService(memory);
  private final List<String> shown = new ArrayList<>();
  private final BlobListing.Visitor visitor =
      new BlobListing.Visitor() {
        @Override
        public void directory(String name) {
          shown.add(name);
        }

        @Override
        public void blob(String name, long length, long lastModified) {
          shown.add(name + " " + length);
        }
      };

  @BeforeEach
  void blobs() throws IOException {
    memory.createContainer("c");
    for (String name : new String[] {"a", "d/x", "e", "m/y", "z", "d-", "d/sub/w"}) {
      Trees.put(memory, "c", name, new byte[3]);
    }
    Trees.marker(memory, "c", "m");
    Trees.marker(memory, "c", "lonely");
  }

  private BlobListing.Totals list(String name, boolean recursive) throws IOException {
    return BlobListing.list(service, "c", name, recursive, visitor);
  }

  @Test
  void directoriesComeFirstAndAMarkerIsShownOnce() throws Exception {
    BlobListing.Totals totals = list("", false);
    assertThat(shown).containsExactly("d/", "m/", "lonely/", "a 3", "d- 3", "e 3", "z 3");
    assertThat(totals).isEqualTo(new BlobListing.Totals(3, 4, 12));
  }

  @Test
  void aDirectoryIsListedWithAndWithoutItsSlash() throws Exception {
    list("d", false);
    list("d/", false);
    assertThat(shown).containsExactly("d/sub/", "d/x 3", "d/sub/", "d/x 3");
  }

  @Test
  void aBlobIsListedByItselfAndAnEmptyDirectoryIsEmpty() throws Exception {
    assertThat(list("e", false)).isEqualTo(new BlobListing.Totals(0, 1, 3));
    assertThat(list("e", true)).isEqualTo(new BlobListing.Totals(0, 1, 3));
    assertThat(shown).containsExactly("e 3", "e 3");
    assertThat(list("lonely", false)).isEqualTo(new BlobListing.Totals(0, 0, 0));
    assertThatThrownBy(() -> list("none", false)).hasMessageContaining("c/none");
    assertThatThrownBy(() -> list("e/", false)).hasMessageContaining("c/e/");
  }

  @Test
  void recursivelyEveryBlobBelowIsListed() throws Exception {
    list("d", true);
    assertThat(shown).containsExactly("d/sub/w 3", "d/x 3");
  }

  @Test
  void whatIsTooManyToHoldBackIsAskedForAgain() throws Exception {
    memory.createContainer("many");
    List<String> expected = new ArrayList<>();
    for (int i = 100; i < 160; i++) {
      Trees.put(memory, "many", "f" + i, new byte[1]);
      expected.add("f" + i + " 1");
    }
    for (String directory : new String[] {"f130d", "a", "z"}) {
      Trees.put(memory, "many", directory + "/x", new byte[1]);
    }
    var query = new ListQuery("", true, "", 7, true);
    BlobListing.Totals totals = BlobListing.directory(service, "many", query, 20, visitor);
    assertThat(totals).isEqualTo(new BlobListing.Totals(3, 60, 60));
    assertThat(shown.subList(0, 3)).containsExactly("a/", "f130d/", "z/");
    assertThat(shown.subList(3, 63)).containsExactlyElementsOf(expected);
    assertThat(service.log(Operation.LIST)).hasSizeGreaterThan(9);
  }
}
