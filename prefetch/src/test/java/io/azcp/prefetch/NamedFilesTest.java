package io.azcp.prefetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.cache.BlobVersion;
import io.azcp.prefetch.BlobNames.Page;
import io.azcp.prefetch.NamedFiles.Asked;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NamedFilesTest {
  private final NamedFiles files = new NamedFiles(100);
  private final Ways ways = new Ways();
  private long rank;

  /** Notes what becomes of names. */
  private static final class Ways implements NamedFiles.Ways {
    final List<String> told = new ArrayList<>();
    final List<String> alone = new ArrayList<>();
    final List<String> listed = new ArrayList<>();

    @Override
    public void told(Asked name, Wanted file) {
      assertThat(file.name()).isEqualTo(name.name().path());
      told.add(file.name());
    }

    @Override
    public void alone(Asked name) {
      alone.add(name.name().path());
    }

    @Override
    public void list(String directory, String marker) {
      listed.add(directory + "@" + marker);
    }
  }

  private void take(String directory, int from, int to) throws Exception {
    for (int i = from; i < to; i++) {
      files.take(new Asked(new PrepareNames.Name(directory + i, true, 0), rank++), ways);
    }
  }

  private static Page page(String directory, int from, int to, String next) {
    List<Wanted> all = new ArrayList<>();
    for (int i = from; i < to; i++) {
      all.add(new Wanted(directory + i, new BlobVersion("\"e\"", i, 0, "")));
    }
    return new Page(all, Set.of(), next);
  }

  @Test
  void theEighthNameOfADirectoryHasItListed() throws Exception {
    take("d/", 0, 7);
    take("e/", 0, 7);
    assertThat(ways.listed).isEmpty();
    assertThat(ways.alone).hasSize(14);

    take("d/", 7, 20);
    assertThat(ways.listed).containsExactly("d/@");
    assertThat(ways.alone).hasSize(14);

    files.took("d/", page("d/", 0, 19, ""), ways);
    assertThat(ways.told).hasSize(12).startsWith("d/7").endsWith("d/18");
    // It is not there: a request of its own tells.
    assertThat(ways.alone).hasSize(15).endsWith("d/19");

    take("d/", 0, 30);
    assertThat(ways.told).hasSize(31);
    assertThat(ways.listed).hasSize(1);
  }

  @Test
  void eachFurtherPageWantsEightNamesMore() throws Exception {
    take("", 0, 8);
    assertThat(ways.listed).containsExactly("@");
    files.took("", page("", 100, 110, "next"), ways);
    // Eight names pay for one page, and it had none of them.
    assertThat(ways.alone).hasSize(8);

    take("", 8, 15);
    assertThat(ways.alone).hasSize(15);
    take("", 15, 17);
    assertThat(ways.listed).containsExactly("@", "@next");
    files.took("", page("", 0, 17, ""), ways);
    assertThat(ways.told).containsExactly("15", "16");
  }

  @Test
  void wherePagesAreRefusedAllAreAskedForAlone() throws Exception {
    take("d/", 0, 9);
    files.refused("d/", ways);
    take("d/", 9, 100);
    take("e/", 0, 100);

    assertThat(ways.listed).hasSize(1);
    assertThat(ways.told).isEmpty();
    assertThat(ways.alone).hasSize(200);
  }

  @Test
  void namesThatWaitForListingsAreBounded() throws Exception {
    int taken = 0;
    while (files.hasRoom() && taken < 10_000) {
      take("d/", taken, taken + 1);
      taken++;
    }
    assertThat(taken).isBetween(4000, 5000);

    files.took("d/", page("d/", 0, 50, ""), ways);
    assertThat(files.hasRoom()).isTrue();
    assertThat(ways.told.size() + ways.alone.size()).isEqualTo(taken);
  }

  @Test
  void whatIsKeptIsBounded() throws Exception {
    take("d/", 0, 8);
    files.took("d/", page("d/", 0, 60, ""), ways);
    take("e/", 0, 8);
    files.took("e/", page("e/", 0, 60, ""), ways);
    assertThat(ways.told).hasSize(2);

    // It was forgotten, and is counted anew.
    take("d/", 20, 27);
    assertThat(ways.told).hasSize(2);
    take("e/", 20, 27);
    assertThat(ways.told).hasSize(9);
  }

  @Test
  void whatADirectoryHidesAndMarkersAreAskedForAlone() throws Exception {
    take("d/", 0, 8);
    List<Wanted> all = new ArrayList<>(page("d/", 0, 8, "").files());
    all.add(new Wanted("d/marker", null));
    files.took("d/", new Page(all, Set.of("d/7"), ""), ways);
    files.take(new Asked(new PrepareNames.Name("d/marker", true, 0), rank++), ways);

    assertThat(ways.told).isEmpty();
    assertThat(ways.alone).hasSize(9).endsWith("d/7", "d/marker");
  }
}
