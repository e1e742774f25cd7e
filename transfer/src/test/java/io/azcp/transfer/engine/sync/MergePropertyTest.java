package io.azcp.transfer.engine.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The merge of two streams tells what the differences and the intersection of two sets are. */
class MergePropertyTest {
  private static final class Told implements Merge.Visitor {
    private final List<String> onlySource = new ArrayList<>();
    private final List<String> onlyDestination = new ArrayList<>();
    private final List<String> both = new ArrayList<>();

    @Override
    public void onlySource(Entry source) {
      onlySource.add(source.name());
    }

    @Override
    public void onlyDestination(Entry destination) {
      onlyDestination.add(destination.name());
    }

    @Override
    public void both(Entry source, Entry destination) {
      assertThat(source.name()).isEqualTo(destination.name());
      both.add(source.name());
    }
  }

  @Provide
  Arbitrary<Set<String>> names() {
    return Entries.names().set().ofMaxSize(40);
  }

  private static EntryStream sorted(Set<String> names) {
    List<String> list = new ArrayList<>(names);
    list.sort(Entries.BY_BYTES);
    return Entries.stream(Entries.files(list));
  }

  private static Set<String> without(Set<String> a, Set<String> b) {
    Set<String> left = new TreeSet<>(Entries.BY_BYTES);
    left.addAll(a);
    left.removeAll(b);
    return left;
  }

  @Property(tries = 500)
  void itIsADifferenceOfSets(@ForAll("names") Set<String> a, @ForAll("names") Set<String> b)
      throws IOException {
    var told = new Told();
    Merge.visit(sorted(a), sorted(b), told);
    assertThat(told.onlySource).containsExactlyElementsOf(without(a, b));
    assertThat(told.onlyDestination).containsExactlyElementsOf(without(b, a));
    assertThat(told.both).containsExactlyElementsOf(without(a, without(a, b)));
  }

  @Example
  void aNameThatComesTwiceIsToldOnce() throws IOException {
    List<Entry> twice = Entries.files(List.of("a", "a", "b", "b"));
    var told = new Told();
    Merge.visit(Entries.stream(twice), Entries.stream(Entries.files(List.of("b"))), told);
    assertThat(told.onlySource).containsExactly("a");
    assertThat(told.both).containsExactly("b");
    assertThat(told.onlyDestination).isEmpty();
  }

  @Example
  void aStreamOutOfOrderIsNotAccepted() {
    for (List<String> names :
        List.of(List.of("b", "a"), List.of("A", "A/x", "A-B"), List.of("\ud83d\ude00", "\uff21"))) {
      List<Entry> unsorted = Entries.files(names);
      List<Entry> none = List.of();
      assertThatThrownBy(
              () -> Merge.visit(Entries.stream(unsorted), Entries.stream(none), new Told()))
          .isInstanceOf(OutOfOrderException.class)
          .hasMessageContaining(names.get(names.size() - 1));
      assertThatThrownBy(
              () -> Merge.visit(Entries.stream(none), Entries.stream(unsorted), new Told()))
          .isInstanceOf(OutOfOrderException.class);
    }
  }
}
