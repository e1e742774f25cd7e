package io.azcp.prefetch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Consumer;

/**
 * Passes on the files of a sorted flat listing that a mount can show: no name a path cannot hold,
 * and of a blob {@code a} beside a blob {@code a/b} only the latter, because the directory wins.
 *
 * <p>In lexicographic order all names that start with {@code a} follow {@code a} without a gap, but
 * others as {@code a-x} may lie between {@code a} and {@code a/b}. So a name is held back while the
 * names after it start with it; what is held back at one time is a chain of prefixes of one name,
 * at most as many as a name has characters.
 */
final class VisibleNames {
  private static final int LONGEST_PART_BYTES = 255;

  private final Consumer<Wanted> out;
  private final Deque<Wanted> held = new ArrayDeque<>();
  private long skipped;

  VisibleNames(Consumer<Wanted> out) {
    this.out = out;
  }

  /** The next file of the listing. */
  void file(Wanted next) {
    passes(next.name());
    if (holdable(next.name())) {
      held.push(next);
    } else {
      skipped++;
    }
  }

  /** The next name of the listing is a directory (its marker). */
  void directory(String name) {
    passes(name.endsWith("/") ? name : name + "/");
  }

  /** The listing has ended. */
  void end() {
    while (!held.isEmpty()) {
      out.accept(held.pop());
    }
  }

  /** Files that no path can name, or that a directory hides. */
  long skipped() {
    return skipped;
  }

  private void passes(String name) {
    while (!held.isEmpty() && !name.startsWith(held.peek().name())) {
      out.accept(held.pop());
    }
    for (Iterator<Wanted> i = held.iterator(); i.hasNext(); ) {
      if (name.startsWith(i.next().name() + "/")) {
        i.remove();
        skipped++;
      }
    }
  }

  /** Whether a path can hold the name. */
  static boolean holdable(String name) {
    for (String part : name.split("/", -1)) {
      if (part.isEmpty()
          || part.equals(".")
          || part.equals("..")
          || part.indexOf('\0') >= 0
          || part.getBytes(StandardCharsets.UTF_8).length > LONGEST_PART_BYTES) {
        return false;
      }
    }
    return true;
  }
}
