package io.azcp.cli;

import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ScopeType;

/**
 * The options and parameters of a command. The field that holds a {@link Value} is the declaration
 * of its option. picocli has annotations for that; to read them took longer than all else that a
 * short command does.
 */
final class Arguments {
  private final CommandSpec command;
  private final ScopeType scope;

  /** Where options are gathered under a heading; null without one. */
  private final ArgGroupSpec.Builder group;

  private Arguments(CommandSpec command, ScopeType scope, ArgGroupSpec.Builder group) {
    this.command = command;
    this.scope = scope;
    this.group = group;
  }

  /** None yet, of one command. */
  static Arguments of(CommandSpec command) {
    return new Arguments(command, ScopeType.LOCAL, null);
  }

  /** None yet, of a command and all below it. */
  static Arguments inherited(CommandSpec command) {
    return new Arguments(command, ScopeType.INHERIT, null);
  }

  /** Whose they are. */
  CommandSpec command() {
    return command;
  }

  /** Options under a heading of their own. */
  <F> F group(String heading, Function<Arguments, F> flags) {
    ArgGroupSpec.Builder gathered =
        ArgGroupSpec.builder().validate(false).heading("%n" + heading + ":%n");
    F declared = flags.apply(new Arguments(command, scope, gathered));
    command.addArgGroup(gathered.build());
    return declared;
  }

  /** An option that is on or off. */
  Declared<Boolean> flag(String... names) {
    return new Declared<>(this, option(boolean.class, names), false);
  }

  /** An option that has an opposite, {@code --no-…}; null without either. */
  Declared<Boolean> either(String... names) {
    return new Declared<>(this, option(Boolean.class, names).negatable(true), null);
  }

  /** An option with any text; empty without it. */
  Declared<String> text(String... names) {
    return value(String.class, names).orElse("");
  }

  /** An option with a value of a type that the parser knows; null without it. */
  <T> Declared<T> value(Class<T> type, String... names) {
    return new Declared<>(this, option(type, names), null);
  }

  /** An option whose value is read from its text; null without it. */
  <T> Declared<T> value(Class<T> type, ITypeConverter<T> converter, String... names) {
    return new Declared<>(this, option(type, names).converters(converter), null);
  }

  /** An option that takes one of some words; null without it. */
  <T> Declared<T> words(Class<T> type, Words<T> words, String... names) {
    OptionSpec.Builder option = option(type, names).converters(words).completionCandidates(words);
    return new Declared<>(this, option, null);
  }

  /** An option that may be given several times. */
  Declared<List<String>> texts(String... names) {
    return new Declared<>(this, option(List.class, names).auxiliaryTypes(String.class), List.of());
  }

  /** The next parameter. */
  Value<String> parameter(String label, String... description) {
    return parameter(String.class, "1", label, description);
  }

  /** The next parameter, which is one of some words. */
  <T> Value<T> parameter(Class<T> type, Words<T> words, String label, String... description) {
    PositionalParamSpec.Builder parameter = next(type, "1", label, description);
    return add(parameter.converters(words).completionCandidates(words), null);
  }

  /** The next parameter, which may be left out; it is null then. */
  Value<String> optionalParameter(String label, String... description) {
    return parameter(String.class, "0..1", label, description);
  }

  /** All further parameters, so many at least. */
  Value<List<String>> parameters(int atLeast, String label, String... description) {
    PositionalParamSpec.Builder parameter = next(List.class, atLeast + "..*", label, description);
    return add(parameter.auxiliaryTypes(String.class), List.of());
  }

  private <T> Value<T> parameter(Class<T> type, String arity, String label, String... description) {
    return add(next(type, arity, label, description), null);
  }

  private OptionSpec.Builder option(Class<?> type, String... names) {
    return OptionSpec.builder(names).type(type).scopeType(scope);
  }

  private PositionalParamSpec.Builder next(
      Class<?> type, String arity, String label, String... description) {
    int index = command.positionalParameters().size();
    return PositionalParamSpec.builder()
        .index(type == List.class ? index + "..*" : String.valueOf(index))
        .type(type)
        .arity(arity)
        .required(!arity.startsWith("0"))
        .paramLabel(label)
        .description(description);
  }

  private <T> Value<T> add(PositionalParamSpec.Builder parameter, T without) {
    var value = new Value<T>(without);
    var slot = value.slot();
    add(parameter.getter(slot).setter(slot).initialValue(without).build());
    return value;
  }

  /** Adds what is declared whole. */
  void add(ArgSpec argument) {
    if (group == null) {
      command.add(argument);
    } else {
      group.addArg(argument);
    }
  }
}
