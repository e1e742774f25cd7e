package io.azcp.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * azfuse takes {@code -c NAME} and {@code -f CONFIG} before the command's name. They are the
 * command's own, and are moved behind it.
 */
final class LeadingOptions {
  private static final List<String> MOVED = List.of("-c", "-f");

  private LeadingOptions() {}

  /** The arguments with the command first, where such options led. */
  static String[] moved(String... args) {
    int first = 0;
    while (first + 1 < args.length && MOVED.contains(args[first])) {
      first += 2;
    }
    if (first == 0 || first >= args.length) {
      return args;
    }
    List<String> words = new ArrayList<>(List.of(args));
    words.add(0, words.remove(first));
    return words.toArray(String[]::new);
  }
}
