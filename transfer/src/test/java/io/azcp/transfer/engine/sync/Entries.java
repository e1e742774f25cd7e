package io.azcp.transfer.engine.sync;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Names and entries for the tests of this package. */
final class Entries {
  /** The order by encoding, to compare with. */
  static final Comparator<String> BY_BYTES =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  private Entries() {}

  /** Names of few characters around those at which orders differ. */
  static Arbitrary<String> names() {
    Arbitrary<String> character =
        Arbitraries.of(
            "a",
            "A",
            "-",
            ".",
            "/",
            "0",
            "!",
            " ",
            "%",
            "\u007f",
            "ü",
            "\u07ff",
            "\u0800",
            "\ud7ff",
            "\ue000",
            "\uff21",
            "\uffff",
            "\ud800\udc00",
            "\ud83d\ude00",
            "\udbff\udfff");
    return character.list().ofMinSize(1).ofMaxSize(5).map(parts -> String.join("", parts));
  }

  static Entry file(String name) {
    return file(name, name.length(), 0);
  }

  static Entry file(String name, long length, long modified) {
    return Entry.local(name, Entry.Kind.FILE, length, modified);
  }

  static List<Entry> files(Collection<String> names) {
    return names.stream().map(Entries::file).toList();
  }

  static EntryStream stream(Collection<Entry> entries) {
    Iterator<Entry> iterator = entries.iterator();
    return new EntryStream() {
      @Override
      public Entry next() {
        return iterator.hasNext() ? iterator.next() : null;
      }

      @Override
      public void close() {
        iterator.forEachRemaining(entry -> {});
      }
    };
  }

  static List<Entry> read(EntryStream stream) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Entry entry = stream.next(); entry != null; entry = stream.next()) {
      entries.add(entry);
    }
    return entries;
  }

  static List<String> namesOf(Collection<Entry> entries) {
    return entries.stream().map(Entry::name).toList();
  }
}
