package io.azcp.transfer.engine.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.transfer.blob.BlobProperties;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlannerTest {
  private static final long SECOND = 1000;

  @TempDir Path dir;

  private record Fixed(List<Entry> entries, Predicate<String> filter) implements Planner.Side {
    Fixed(Entry... entries) {
      this(List.of(entries), name -> true);
    }

    @Override
    public EntryStream open() {
      return Entries.stream(entries);
    }

    @Override
    public boolean takes(Entry entry) {
      return filter.test(entry.name());
    }
  }

  private static Entry blob(String name, long length, long modified, String md5) {
    return Entry.remote(
        name,
        Entry.Kind.FILE,
        modified,
        new BlobProperties("e", length, modified, "", md5, "BlockBlob", "", Map.of()));
  }

  private static List<String> names(EntryFile file) throws IOException {
    return Entries.namesOf(Entries.read(file.read()));
  }

  private List<String> moves(CompareMethod method, Entry from, Entry to) throws IOException {
    try (Plan plan = Planner.plan(method, new Fixed(from), new Fixed(to), dir)) {
      List<String> moves = names(plan.moves());
      assertThat(names(plan.deletions())).isEmpty();
      assertThat(moves.size() + plan.unchanged()).isEqualTo(1);
      return moves;
    }
  }

  @Test
  void sizesAreCompared() throws IOException {
    Entry old = Entries.file("f", 3, 0);
    assertThat(moves(CompareMethod.SIZE, Entries.file("f", 3, 9 * SECOND), old)).isEmpty();
    assertThat(moves(CompareMethod.SIZE, Entries.file("f", 4, 0), old)).containsExactly("f");
  }

  @Test
  void timesAreComparedInWholeSeconds() throws IOException {
    Entry old = Entries.file("f", 3, 5 * SECOND);
    for (long same : new long[] {0, 5 * SECOND, 5 * SECOND + 999, -1}) {
      assertThat(moves(CompareMethod.SIZE_AND_MTIME, Entries.file("f", 3, same), old)).isEmpty();
    }
    for (Entry different : List.of(Entries.file("f", 3, 6 * SECOND), Entries.file("f", 2, 0))) {
      assertThat(moves(CompareMethod.SIZE_AND_MTIME, different, old)).containsExactly("f");
    }
    Entry beforeTheEpoch = Entries.file("f", 3, -1001);
    assertThat(moves(CompareMethod.SIZE_AND_MTIME, Entries.file("f", 3, -1000), beforeTheEpoch))
        .containsExactly("f");
  }

  @Test
  void alwaysIsAlways() throws IOException {
    Entry same = Entries.file("f", 3, 0);
    assertThat(moves(CompareMethod.ALWAYS, same, same)).containsExactly("f");
  }

  @Test
  void md5sOfTwoBlobsAreCompared() throws IOException {
    Entry a = blob("f", 3, 0, "A==");
    assertThat(moves(CompareMethod.MD5, a, blob("f", 3, 9 * SECOND, "A=="))).isEmpty();
    assertThat(moves(CompareMethod.MD5, a, blob("f", 3, 0, "B=="))).containsExactly("f");
    assertThat(moves(CompareMethod.MD5, a, blob("f", 4, 0, "A=="))).containsExactly("f");
  }

  @Test
  void aFileOfThisMachineIsToBeReadAndComparedWithTheBlob() throws IOException {
    Entry here = Entries.file("f", 3, 0);
    Entry there = blob("f", 3, 0, "A==");
    for (boolean up : new boolean[] {true, false}) {
      Fixed from = new Fixed(up ? here : there);
      Fixed to = new Fixed(up ? there : here);
      try (Plan plan = Planner.plan(CompareMethod.MD5, from, to, dir)) {
        assertThat(plan.moves().count() + plan.unchanged()).isZero();
        assertThat(Entries.read(plan.suspects().read()))
            .singleElement()
            .satisfies(e -> assertThat(e.blob().contentMd5()).isEqualTo("A=="));
      }
    }
  }

  @Test
  void tenBlobsWithoutAnMd5AreNamed() throws IOException {
    List<Entry> here = new ArrayList<>();
    List<Entry> there = new ArrayList<>();
    for (char c = 'a'; c <= 'm'; c++) {
      here.add(Entries.file("" + c, c, 0));
      there.add(blob("" + c, 3, 0, c == 'c' ? "C==" : ""));
    }
    here.add(Entries.file("new", 1, 0));
    there.add(blob("old", 1, 0, ""));
    Fixed from = new Fixed(here, name -> !name.equals("b"));
    Fixed to = new Fixed(there, name -> true);
    try (Plan plan = Planner.plan(CompareMethod.MD5, from, to, dir)) {
      assertThat(plan.withoutMd5())
          .containsExactly("a", "d", "e", "f", "g", "h", "i", "j", "k", "l");
      assertThat(plan.withoutMd5Count()).isEqualTo(11);
    }
  }

  @Test
  void whatAFilterLeavesOutIsNeitherCopiedNorDeleted() throws IOException {
    Predicate<String> filter = name -> name.endsWith(".txt");
    var from = new Fixed(Entries.files(List.of("a.txt", "b.log", "both.log")), filter);
    var to = new Fixed(Entries.files(List.of("both.log", "old.log", "old.txt")), filter);
    try (Plan plan = Planner.plan(CompareMethod.ALWAYS, from, to, dir)) {
      assertThat(names(plan.moves())).containsExactly("a.txt");
      assertThat(names(plan.deletions())).containsExactly("old.txt");
      assertThat(plan.destinationFiles()).isEqualTo(1);
      assertThat(plan.unchanged()).isZero();
      assertThat(plan.sourceIsEmpty()).isFalse();
    }
  }

  /** As --include-before and --include-after do: each side is asked of its own entry. */
  @Test
  void aFileThatIsInTheSourceIsNotDeletedThoughTheFilterTakesItAtTheDestination()
      throws IOException {
    var from = new Fixed(Entries.files(List.of("f")), name -> false);
    var to = new Fixed(Entries.files(List.of("f")), name -> true);
    try (Plan plan = Planner.plan(CompareMethod.ALWAYS, from, to, dir)) {
      assertThat(plan.moves().count() + plan.deletions().count()).isZero();
    }
  }

  @Test
  void whatIsNoFileIsNeitherCopiedNorReplacedNorDeleted() throws IOException {
    Entry link = Entry.local("x", Entry.Kind.OTHER, 0, 0);
    Entry file = Entries.file("x", 1, 0);
    for (Fixed[] sides :
        new Fixed[][] {
          {new Fixed(link), new Fixed(file)},
          {new Fixed(file), new Fixed(link)},
          {new Fixed(link), new Fixed()},
          {new Fixed(), new Fixed(link)}
        }) {
      try (Plan plan = Planner.plan(CompareMethod.ALWAYS, sides[0], sides[1], dir)) {
        assertThat(plan.moves().count() + plan.deletions().count()).isZero();
      }
    }
  }

  @Test
  void threeListingOrdersGiveTheSamePlan() throws IOException {
    List<Entry> entries =
        Entries.files(List.of("A/x", "A", "A-B", "A.txt", "\ud83d\ude00", "\uff21", "b/c", "b-"));
    List<Entry> other = Entries.files(List.of("A/x", "A-B", "\uff21", "new", "A/y"));
    List<List<String>> plans = new ArrayList<>();
    for (Comparator<String> order : orders()) {
      var from = new Fixed(sorted(other, order), name -> true);
      var to = new Fixed(sorted(entries, order), name -> true);
      try (Plan plan = Planner.plan(CompareMethod.SIZE, from, to, dir)) {
        List<String> told = new ArrayList<>(names(plan.moves()));
        told.add("-");
        told.addAll(names(plan.deletions()));
        plans.add(told);
      }
    }
    assertThat(plans.get(0))
        .containsExactly("A/y", "new", "-", "A", "A.txt", "b-", "b/c", "\ud83d\ude00");
    assertThat(plans).hasSize(3).containsOnly(plans.get(0));
  }

  /** That of flat accounts, of hierarchical ones, and of Azurite. */
  private static List<Comparator<String>> orders() {
    return List.of(
        Entries.BY_BYTES,
        Comparator.comparing(name -> name.replace('/', '\0'), Entries.BY_BYTES),
        Comparator.naturalOrder());
  }

  private static List<Entry> sorted(List<Entry> entries, Comparator<String> order) {
    return entries.stream().sorted(Comparator.comparing(Entry::name, order)).toList();
  }

  @Test
  void aSideThatFailsGivesNoPlan() {
    Planner.Side failing =
        new Planner.Side() {
          @Override
          public EntryStream open() {
            return Readahead.of(
                sink -> {
                  sink.add(Entries.file("a"));
                  throw new IOException("no second page");
                });
          }

          @Override
          public boolean takes(Entry entry) {
            return true;
          }
        };
    var other = new Fixed(Entries.file("b"));
    assertThatThrownBy(() -> Planner.plan(CompareMethod.SIZE, failing, other, dir))
        .hasMessage("no second page");
    assertThatThrownBy(() -> Planner.plan(CompareMethod.SIZE, other, failing, dir))
        .hasMessage("no second page");
  }
}
