package io.azcp.transfer.engine.list;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.ListQuery;
import io.azcp.transfer.blob.ListingOrder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ListAheadPropertyTest {
  /** Names made of few characters, those around the slash and beyond the BMP among them. */
  @Provide
  Arbitrary<List<String>> trees() {
    Arbitrary<String> part =
        Arbitraries.of("a", "b", "A-B", "a!", "a0", "\uE000", "\uD83D\uDE00", "ab", "c-");
    return part.list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(parts -> String.join("/", parts))
        .list()
        .uniqueElements()
        .ofMaxSize(120);
  }

  @Property(tries = 300)
  void sideBySideTellsWhatOneStreamTells(
      @ForAll("trees") List<String> names, @ForAll ListingOrder order, @ForAll boolean patient)
      throws IOException {
    SlowListings service = SlowListings.holding(order, names);
    List<String> stream = new ArrayList<>();
    service.list(SlowListings.CONTAINER, ListQuery.flat(""), (name, blob) -> stream.add(name));
    service.patience = patient ? service.patience : 500_000_000;
    for (int page : new int[] {1, 2, 3, 7}) {
      assertThat(service.listed(SlowListings.query("", page))).isEqualTo(stream);
    }
    assertThat(service.listed(SlowListings.query("a", 2)))
        .isEqualTo(stream.stream().filter(name -> name.startsWith("a")).toList());
  }
}
