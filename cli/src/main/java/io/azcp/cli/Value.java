package io.azcp.cli;

import picocli.CommandLine.Model.IGetter;
import picocli.CommandLine.Model.ISetter;

/**
 * What the command line says of one option or parameter, or what holds where it says nothing. The
 * parser writes it before the command runs.
 */
final class Value<T> {
  private T value;

  Value(T value) {
    this.value = value;
  }

  /** What was said, or what holds without; null only where that is null. */
  T get() {
    return value;
  }

  /** The same as the parser sees it, which knows types only while the program runs. */
  Slot slot() {
    return new Slot();
  }

  /** Where the parser reads and writes. */
  final class Slot implements IGetter, ISetter {
    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the parser knows the type
    public <V> V get() {
      return (V) value;
    }

    @Override
    @SuppressWarnings("unchecked") // the parser knows the type
    public <V> V set(V given) {
      T before = value;
      value = (T) given;
      return (V) before;
    }
  }
}
