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
 * DST} both mean what they say.
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
      String arg = args[i];
      String next = i + 1 < args.length ? args[i + 1] : "";
      OptionSpec option = optionsOver ? null : command.findOption(arg);
      int taken = 1;
      if (option == null) {
        optionsOver |= arg.equals("--");
        descend(arg);
        settled.add(arg);
      } else if (takesAWord(option)) {
        boolean given = words(option).contains(next.toLowerCase(Locale.ROOT));
        settled.add(arg + "=" + (given ? next : bare(option)));
        taken = given ? 2 : 1;
      } else {
        settled.add(arg);
        if (option.arity().min() > 0 && i + 1 < args.length) {
          settled.add(next);
          taken = 2;
        }
      }
      i += taken;
    }
    return settled.toArray(String[]::new);
  }

  private void descend(String arg) {
    var sub = command.subcommands().get(arg);
    if (sub != null) {
      command = sub.getCommandSpec();
    }
  }

  private static boolean takesAWord(OptionSpec option) {
    return option.arity().min() == 0 && option.arity().max() == 1;
  }

  private static boolean isSwitch(OptionSpec option) {
    return option.type() == boolean.class || option.type() == Boolean.class;
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
