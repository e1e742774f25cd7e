package io.azcp.base.glob;

import io.azcp.base.UsageException;

/**
 * A pattern of whole names. {@code *} stands for any characters, slashes too; {@code ?} for one;
 * {@code **}{@code /} also for nothing, so that {@code **}{@code /x} finds {@code x}; {@code
 * [abc]}, {@code [a-z]} and {@code [!a]} for one of a set; {@code {a,b}} for either, nested as deep
 * as one likes; a backslash takes the next character as it is. Case counts. Immutable and
 * thread-safe.
 *
 * <p>A regular expression would do, but Java's tries one way after another, and patterns as {@code
 * *a*a*a*a*b} have it try for years. This one follows all ways at once (Thompson's construction):
 * the work is at most the length of the name times that of the pattern.
 */
public final class Glob {
  private final String pattern;
  private final GlobStep[] steps;

  private Glob(String pattern, GlobStep[] steps) {
    this.pattern = pattern;
    this.steps = steps;
  }

  /**
   * Reads a pattern.
   *
   * @throws UsageException where a bracket or brace is not closed, or a range runs backwards
   */
  public static Glob of(String pattern) throws UsageException {
    return new Glob(pattern, new GlobCompiler(pattern).compile());
  }

  /** Whether the pattern is one of the whole name. */
  public boolean matches(String name) {
    var now = new States(steps.length);
    var next = new States(steps.length);
    now.add(0);
    for (int at = 0; at < name.length() && !now.isEmpty(); ) {
      int character = name.codePointAt(at);
      advance(now, character, next);
      States done = now;
      now = next;
      next = done;
      next.clear();
      at += Character.charCount(character);
    }
    advance(now, GlobStep.NONE, next);
    return now.contains(steps.length - 1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Glob g && g.pattern.equals(pattern);
  }

  @Override
  public int hashCode() {
    return pattern.hashCode();
  }

  /** The pattern. */
  @Override
  public String toString() {
    return pattern;
  }

  /** Follows every way that is open, and those that open meanwhile, by one character. */
  private void advance(States now, int character, States next) {
    for (int i = 0; i < now.size; i++) {
      int step = now.list[i];
      steps[step].advance(step, character, now, next);
    }
  }

  /** A set of steps in the order in which they were added. */
  static final class States {
    private final int[] list;
    private final boolean[] member;
    private int size;

    private States(int capacity) {
      list = new int[capacity];
      member = new boolean[capacity];
    }

    void add(int step) {
      if (!member[step]) {
        member[step] = true;
        list[size++] = step;
      }
    }

    private boolean contains(int step) {
      return member[step];
    }

    private boolean isEmpty() {
      return size == 0;
    }

    private void clear() {
      for (int i = 0; i < size; i++) {
        member[list[i]] = false;
      }
      size = 0;
    }
  }
}
