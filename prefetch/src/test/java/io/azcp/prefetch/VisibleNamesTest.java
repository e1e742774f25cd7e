package io.azcp.prefetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.cache.BlobVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class VisibleNamesTest {
  private final List<String> out = new ArrayList<>();
  private final VisibleNames names = new VisibleNames(w -> out.add(w.name()));

  private void list(String... sorted) {
    for (String name : sorted) {
      names.file(new Wanted(name, new BlobVersion("e", 1, 0, "")));
    }
    names.end();
  }

  @Test
  void aDirectoryHidesTheFileOfItsNameAlsoWithOthersBetween() {
    list("a", "a-x", "a/b", "ab");

    assertThat(out).containsExactlyInAnyOrder("a-x", "a/b", "ab");
    assertThat(names.skipped()).isEqualTo(1);
  }

  @Test
  void aMarkerHidesTheFileOfItsName() {
    names.file(new Wanted("a", new BlobVersion("e", 1, 0, "")));
    names.directory("a/");
    names.end();

    assertThat(out).isEmpty();
  }

  @Test
  void namesNoPathCanHoldAreSkipped() {
    list("", "/x", "a//b", "b/../c", "c/.", "x".repeat(256), "ok", "ä".repeat(128));

    assertThat(out).containsExactly("ok");
    assertThat(names.skipped()).isEqualTo(7);
  }

  @Property(tries = 300)
  void whatPassesIsEveryNameThatIsNoDirectory(
      @ForAll @Size(max = 12)
          List<
                  @StringLength(min = 1, max = 4) @Chars({'/', '-', 'a'})
                  @CharRange(from = 'b', to = 'b') String>
              any) {
    var sorted = new TreeSet<String>();
    any.stream().filter(VisibleNames::holdable).forEach(sorted::add);
    var expected = new TreeSet<String>();
    for (String name : sorted) {
      if (sorted.stream().noneMatch(other -> other.startsWith(name + "/"))) {
        expected.add(name);
      }
    }

    var got = new ArrayList<String>();
    var visible = new VisibleNames(w -> got.add(w.name()));
    sorted.forEach(n -> visible.file(new Wanted(n, new BlobVersion("e", 1, 0, ""))));
    visible.end();

    assertThat(got).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(visible.skipped()).isEqualTo(sorted.size() - expected.size());
  }
}
