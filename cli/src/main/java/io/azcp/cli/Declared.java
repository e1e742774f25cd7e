package io.azcp.cli;

import picocli.CommandLine.Model.OptionSpec;

/** An option on its way to be declared; {@link #says} ends it. */
final class Declared<T> {
  private final Arguments arguments;
  private final OptionSpec.Builder option;
  private T without;

  Declared(Arguments arguments, OptionSpec.Builder option, T without) {
    this.arguments = arguments;
    this.option = option;
    this.without = without;
  }

  /** What its value is called where it is described. */
  Declared<T> label(String label) {
    option.paramLabel(label);
    return this;
  }

  /** What holds where the option is not given. */
  Declared<T> orElse(T value) {
    without = value;
    return this;
  }

  /** It may have a value. */
  Declared<T> mayHaveValue() {
    option.arity("0..1");
    return this;
  }

  /** Its value may be left out, and is what this text stands for then. */
  Declared<T> bare(String text) {
    option.arity("0..1").fallbackValue(text);
    return this;
  }

  /** Declares it without showing it: for those who look for a fault. */
  Value<T> hidden() {
    option.hidden(true);
    return says("For those who look for a fault.");
  }

  /** Describes it, and declares it. */
  Value<T> says(String... description) {
    var value = new Value<T>(without);
    var slot = value.slot();
    arguments.add(
        option.description(description).getter(slot).setter(slot).initialValue(without).build());
    return value;
  }
}
