package io.azcp.base.glob;

import java.util.function.IntPredicate;

/** One step of a compiled {@link Glob}. */
sealed interface GlobStep {
  /** What is given after the last character of a name; no step takes it. */
  int NONE = -1;

  /**
   * Goes on from this step by one character.
   *
   * @param here this step's number
   * @param character a code point, or {@link #NONE}
   * @param now where ways that take no character go on
   * @param next where ways that took it go on
   */
  void advance(int here, int character, Glob.States now, Glob.States next);

  /** Takes one character of a set. */
  record One(IntPredicate set) implements GlobStep {
    @Override
    public void advance(int here, int character, Glob.States now, Glob.States next) {
      if (character != NONE && set.test(character)) {
        next.add(here + 1);
      }
    }
  }

  /** Takes any number of characters. */
  record Many() implements GlobStep {
    @Override
    public void advance(int here, int character, Glob.States now, Glob.States next) {
      now.add(here + 1);
      if (character != NONE) {
        next.add(here);
      }
    }
  }

  /** Goes on at each of several steps. */
  final class Fork implements GlobStep {
    private final int[] targets;

    Fork(int... targets) {
      this.targets = targets;
    }

    @Override
    public void advance(int here, int character, Glob.States now, Glob.States next) {
      for (int target : targets) {
        now.add(target);
      }
    }
  }

  /** The name is matched where it ends here. */
  record End() implements GlobStep {
    @Override
    public void advance(int here, int character, Glob.States now, Glob.States next) {}
  }
}
