package io.azcp.transfer.engine.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** A walk over directories in any order shows the files in the order of their full names. */
class TreeStreamTest {
  private Path folder;

  @BeforeProperty
  void make() throws IOException {
    folder = Files.createTempDirectory("azcp-walk");
  }

  @AfterProperty
  void remove() throws IOException {
    Files.delete(folder);
  }

  @Provide
  Arbitrary<Set<String>> names() {
    return Entries.names()
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(parts -> String.join("/", parts))
        .filter(name -> !name.contains("//") && !name.startsWith("/") && !name.endsWith("/"))
        .set()
        .ofMaxSize(40);
  }

  @Property(tries = 300)
  void theFilesComeInOrder(
      @ForAll("names") Set<String> names,
      @ForAll @IntRange(min = 1, max = 50) int limit,
      @ForAll long seed)
      throws IOException {
    Set<String> files = withoutDirectories(names);
    TreeStream.Directories tree = (name, entries) -> read(files, name, entries, new Random(seed));
    Set<String> expected = new TreeSet<>(Entries.BY_BYTES);
    expected.addAll(files);
    try (var stream = new TreeStream(tree, folder, limit)) {
      assertThat(Entries.namesOf(Entries.read(stream))).containsExactlyElementsOf(expected);
      assertThat(stream.next()).isNull();
    }
  }

  /** A name that is a directory of another's cannot be a file's. */
  private static Set<String> withoutDirectories(Set<String> names) {
    Set<String> files = new HashSet<>(names);
    for (String name : names) {
      for (int slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
        files.remove(name.substring(0, slash));
      }
    }
    return files;
  }

  private static void read(Set<String> files, String directory, ExternalSort entries, Random random)
      throws IOException {
    Set<Entry> found = new HashSet<>();
    for (String file : files) {
      if (file.startsWith(directory)) {
        int slash = file.indexOf('/', directory.length());
        found.add(
            slash < 0
                ? Entries.file(file)
                : Entry.local(file.substring(0, slash + 1), Entry.Kind.DIRECTORY, 0, 0));
      }
    }
    List<Entry> shuffled = new ArrayList<>(found);
    Collections.shuffle(shuffled, random);
    for (Entry entry : shuffled) {
      entries.add(entry);
    }
  }
}
