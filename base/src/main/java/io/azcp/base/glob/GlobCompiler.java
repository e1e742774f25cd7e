package io.azcp.base.glob;

import io.azcp.base.UsageException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntPredicate;

/** Turns the text of a {@link Glob} into its steps. Used once, by one thread. */
final class GlobCompiler {
  private static final String COMPONENT_STARTS_AFTER = "/{,";

  /** A brace that is open: where it forks, and what it will be patched with. */
  private static final class Braces {
    final int fork;
    final List<Integer> alternatives = new ArrayList<>();
    final List<Integer> jumps = new ArrayList<>();

    Braces(int fork) {
      this.fork = fork;
      alternatives.add(fork + 1);
    }
  }

  private final String text;
  private final List<GlobStep> steps = new ArrayList<>();
  private final Deque<Braces> open = new ArrayDeque<>();
  private int at;

  GlobCompiler(String text) {
    this.text = text;
  }

  GlobStep[] compile() throws UsageException {
    while (at < text.length()) {
      int c = take();
      switch (c) {
        case '*' -> star();
        case '?' -> steps.add(new GlobStep.One(any -> true));
        case '[' -> steps.add(new GlobStep.One(set()));
        case '{' -> open.push(new Braces(placeholder()));
        case ',' -> comma();
        case '}' -> close();
        case '\\' -> literal(at < text.length() ? take() : '\\');
        default -> literal(c);
      }
    }
    if (!open.isEmpty()) {
      throw fault("a { without its }");
    }
    steps.add(new GlobStep.End());
    return steps.toArray(GlobStep[]::new);
  }

  private int take() {
    int c = text.codePointAt(at);
    at += Character.charCount(c);
    return c;
  }

  private void literal(int c) {
    steps.add(new GlobStep.One(other -> other == c));
  }

  /** A step that is only known later. */
  private int placeholder() {
    steps.add(null);
    return steps.size() - 1;
  }

  private void star() {
    int start = at - 1;
    boolean component = start == 0 || COMPONENT_STARTS_AFTER.indexOf(text.charAt(start - 1)) >= 0;
    while (at < text.length() && text.charAt(at) == '*') {
      at++;
    }
    boolean directories =
        component && at - start > 1 && at < text.length() && text.charAt(at) == '/';
    if (!directories) {
      steps.add(new GlobStep.Many());
      return;
    }
    at++;
    int fork = placeholder();
    steps.add(new GlobStep.Many());
    literal('/');
    steps.set(fork, new GlobStep.Fork(fork + 1, steps.size()));
  }

  private void comma() {
    if (open.isEmpty()) {
      literal(',');
      return;
    }
    Braces braces = open.peek();
    braces.jumps.add(placeholder());
    braces.alternatives.add(steps.size());
  }

  private void close() {
    if (open.isEmpty()) {
      literal('}');
      return;
    }
    Braces braces = open.pop();
    int[] starts = braces.alternatives.stream().mapToInt(Integer::intValue).toArray();
    steps.set(braces.fork, new GlobStep.Fork(starts));
    for (int jump : braces.jumps) {
      steps.set(jump, new GlobStep.Fork(steps.size()));
    }
  }

  /** What stands between brackets; a {@code ]} right at its start is one of the set. */
  private IntPredicate set() throws UsageException {
    boolean negated = at < text.length() && "!^".indexOf(text.charAt(at)) >= 0;
    if (negated) {
      at++;
    }
    List<int[]> ranges = new ArrayList<>();
    int start = at;
    while (at < text.length() && (text.charAt(at) != ']' || at == start)) {
      int low = member();
      boolean range =
          at + 1 < text.length() && text.charAt(at) == '-' && text.charAt(at + 1) != ']';
      int high = low;
      if (range) {
        at++;
        high = member();
      }
      if (high < low) {
        throw fault("a range that runs backwards");
      }
      ranges.add(new int[] {low, high});
    }
    if (at >= text.length()) {
      throw fault("a [ without its ]");
    }
    at++;
    int[][] all = ranges.toArray(int[][]::new);
    return c -> holds(all, c) != negated;
  }

  private int member() {
    int c = take();
    return c == '\\' && at < text.length() ? take() : c;
  }

  private static boolean holds(int[][] ranges, int c) {
    for (int[] range : ranges) {
      if (c >= range[0] && c <= range[1]) {
        return true;
      }
    }
    return false;
  }

  private UsageException fault(String what) {
    return new UsageException("'" + text + "' is no valid pattern: it has " + what);
  }
}
