package io.azcp.fs.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.cache.BlobVersion;
import io.azcp.fs.writeback.PosixAttributes;
import io.azcp.fs.writeback.RemoteFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Which files of a directory are fetched because others are read. */
class SiblingPlanTest {
  private static Listing listing(int files) {
    Map<String, Found> names = new LinkedHashMap<>();
    for (int i = 0; i < files; i++) {
      add(names, name(i), 100);
    }
    return new Listing(names, null, true, 0, 0);
  }

  private static void add(Map<String, Found> names, String name, long length) {
    var version = new BlobVersion("0x1", length, 0, "");
    var attributes = new PosixAttributes(0100644, 0, 0, 0);
    names.put(name, new Found.Remote(new RemoteFile(name, version, attributes, Map.of(), ""), 0));
  }

  private static String name(int number) {
    return String.format("f%04d", number);
  }

  @Example
  void fewReadsFetchNothingElse() {
    var plan = new SiblingPlan(listing(100));
    for (int i = 0; i < SiblingPlan.PATIENCE; i++) {
      assertThat(plan.read(name(i * 3))).isEmpty();
    }
    assertThat(plan.read(name(60)))
        .extracting(RemoteFile::blob)
        .containsExactly(name(61), name(62), name(63), name(64));
    assertThat(plan.read(name(61)))
        .extracting(RemoteFile::blob)
        .containsExactly(name(65), name(66), name(67), name(68));
  }

  @Example
  void bigEmptyAndUnknownFilesDoNotCount() {
    Map<String, Found> names = new LinkedHashMap<>();
    add(names, "big", SiblingPlan.SMALL + 1);
    add(names, "empty", 0);
    for (int i = 0; i < 20; i++) {
      add(names, name(i), 1);
    }
    var plan = new SiblingPlan(new Listing(names, null, true, 0, 0));
    List<String> fetched = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      assertThat(plan.read("other")).isEmpty();
      plan.read(name(i)).forEach(file -> fetched.add(file.blob()));
    }
    assertThat(fetched).doesNotContain("big", "empty");
  }

  @Property(tries = 100)
  void aShuffledReaderFindsMostAndNothingIsFetchedTwice(
      @ForAll @IntRange(min = 100, max = 2000) int files, @ForAll long seed) {
    var plan = new SiblingPlan(listing(files));
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(seed));
    Set<String> fetched = new HashSet<>();
    Set<String> read = new HashSet<>();
    int found = 0;
    for (int i : order) {
      read.add(name(i));
      found += fetched.contains(name(i)) ? 1 : 0;
      for (RemoteFile file : plan.read(name(i))) {
        assertThat(fetched.add(file.blob())).as("once").isTrue();
        assertThat(read).doesNotContain(file.blob());
      }
      assertThat(fetched.size()).isLessThanOrEqualTo(SiblingPlan.AT_ONCE * read.size());
    }
    assertThat(found).isGreaterThan(files / 2);
  }
}
