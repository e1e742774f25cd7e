package io.azcp.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Settles, before the arguments are parsed, which word belongs to an option whose value may be left
 * out: {@code --flag} and {@code --flag=v} as they stand, {@code --flag v} only where v is one of
 * the option's words. So {@code copy --check-md5 SRC DST} and {@code copy --check-md5 LogOnly SRC
 * DST} both mean what they say. Switches take {@code true} and {@code false} so.
 */
final class OptionalValues {
  private static final List<String> SWITCH = List.of("true", "false");

  private final List<String> settled = new ArrayList<>();
  private CommandSpec command;

  private OptionalValues(CommandSpec program) {
    this.command = program;
  }

  /** The arguments with every value attached that would be doubtful otherwise. */
  static String[] settle(CommandSpec program, String... args) {
    return new OptionalValues(program).walk(args);
  }

  private String[] walk(String... args) {
    int i = 0;
    boolean optionsOver = false;
    while (i < args.length) {
      String next = i + 1 < args.length ? args[i + 1] : null;
      i += optionsOver ? plain(args[i]) : one(args[i], next);
      optionsOver |= args[i - 1].equals("--");
    }
    return settled.toArray(String[]::new);
  }

  private int plain(String arg) {
    settled.add(arg);
    return 1;
  }

  /** Settles one argument, perhaps with the one after it; answers how many were taken. */
  private int one(String arg, String next) {
    int equals = arg.startsWith("-") ? arg.indexOf('=') : -1;
    String name = equals < 0 ? arg : arg.substring(0, equals);
    OptionSpec option = option(name);
    if (option == null) {
      descend(arg);
      return plain(arg);
    }
    if (equals >= 0) {
      String value = arg.substring(equals + 1);
      return standsAlone(option) && isWord(SWITCH, value) ? flip(name, value) : plain(arg);
    }
    if (standsAlone(option)) {
      return isWord(SWITCH, next) ? 1 + flip(name, next) : plain(arg);
    }
    if (option.arity().min() == 0) {
      boolean given = isWord(words(option), next);
      return plain(arg + "=" + (given ? next : bare(option))) + (given ? 1 : 0);
    }
    plain(arg);
    return next == null ? 1 : 1 + plain(next);
  }

  /** A switch with a word: it stands alone where it is on; off is its opposite, or nothing. */
  private int flip(String name, String word) {
    if (Boolean.parseBoolean(word)) {
      return plain(name);
    }
    if (name.startsWith("--no-") && command.negatedOptionsMap().containsKey(name)) {
      plain("--" + name.substring(5));
    } else if (command.negatedOptionsMap().containsKey("--no-" + name.substring(2))) {
      plain("--no-" + name.substring(2));
    }
    return 1;
  }

  private static boolean isWord(List<String> words, String text) {
    return text != null && words.contains(text.toLowerCase(Locale.ROOT));
  }

  private OptionSpec option(String name) {
    OptionSpec option = command.findOption(name);
    return option == null ? command.negatedOptionsMap().get(name) : option;
  }

  private void descend(String arg) {
    var sub = command.subcommands().get(arg);
    if (sub != null) {
      command = sub.getCommandSpec();
    }
  }

  private static boolean isSwitch(OptionSpec option) {
    return option.type() == boolean.class || option.type() == Boolean.class;
  }

  /** A switch that cares only whether it is on, not whether off was said. */
  private static boolean standsAlone(OptionSpec option) {
    return isSwitch(option) && option.arity().max() == 0;
  }

  private static String bare(OptionSpec option) {
    return isSwitch(option) ? "true" : option.fallbackValue();
  }

  private static List<String> words(OptionSpec option) {
    if (isSwitch(option)) {
      return SWITCH;
    }
    List<String> words = new ArrayList<>();
    if (option.completionCandidates() != null) {
      option.completionCandidates().forEach(word -> words.add(word.toLowerCase(Locale.ROOT)));
    }
    return words;
  }
}
