package io.azcp.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The reference page of the commands, written from the model that parses them. */
final class CommandsPage {
  private static final String INTRODUCTION =
"""
# Commands

Written from the model that the program parses by; a test compares. For how to use them see
[copy](../guide/copy.md), [mount](../guide/mount.md) and [prepare](../guide/prepare.md).

A switch takes `--flag`, `--flag=true` and `--flag=false`. The word after an option whose value
may be left out is its value only where it is one of the option's words.

- A size is %s.
- A rate is %s.
- A duration is %s.

Exit codes: 0 done, things skipped included; 1 something failed, was not there, or nothing was
there to do; 2 the command line or the configuration is wrong; 130 and 143 ended by a signal.
""";

  private final StringBuilder page = new StringBuilder();

  private CommandsPage() {}

  /** The page as Markdown. */
  static String render(CommandLine program) {
    var page = new CommandsPage();
    page.page.append(
        INTRODUCTION.formatted(
            io.azcp.base.ByteSize.ALLOWED,
            io.azcp.base.Rate.ALLOWED,
            io.azcp.base.Durations.ALLOWED));
    CommandSpec root = program.getCommandSpec();
    page.page.append("\n## Every command takes\n");
    page.table(root.options(), option -> true);
    page.commands("azcp", root, root);
    return page.page.toString();
  }

  private void commands(String path, CommandSpec parent, CommandSpec root) {
    List<CommandSpec> commands = new ArrayList<>();
    for (CommandLine sub : parent.subcommands().values()) {
      if (!commands.contains(sub.getCommandSpec())
          && !sub.getCommandSpec().usageMessage().hidden()) {
        commands.add(sub.getCommandSpec());
      }
    }
    commands.sort(Comparator.comparing(CommandSpec::name));
    for (CommandSpec command : commands) {
      String full = path + " " + command.name();
      command(full, command, root);
      commands(full, command, root);
    }
  }

  private void command(String path, CommandSpec command, CommandSpec root) {
    page.append("\n## ").append(path);
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      boolean optional = parameter.arity().min() == 0;
      String label = parameter.paramLabel() + (parameter.arity().max() > 1 ? "…" : "");
      page.append(' ').append(optional ? "[" + label + "]" : label);
    }
    page.append("\n\n").append(String.join(" ", command.usageMessage().description())).append('\n');
    if (command.aliases().length > 0) {
      page.append("\nAlso: `").append(String.join("`, `", command.aliases())).append("`.\n");
    }
    Predicate<OptionSpec> own =
        option -> root.findOption(option.longestName()) == null && option.group() == null;
    table(command.options(), own);
    for (ArgGroupSpec group : command.argGroups()) {
      if (group.heading() != null) {
        page.append("\n").append(group.heading().replace("%n", "")).append('\n');
      }
      table(group.options(), option -> true);
    }
  }

  private void table(List<OptionSpec> options, Predicate<OptionSpec> shown) {
    List<OptionSpec> rows = options.stream().filter(shown.and(o -> !o.hidden())).toList();
    if (rows.isEmpty()) {
      return;
    }
    page.append("\n| option | what it does |\n|---|---|\n");
    for (OptionSpec option : rows) {
      String names = String.join("`, `", option.names());
      String label =
          option.type() == boolean.class || option.type() == Boolean.class ? "" : label(option);
      String text = String.join(" ", option.description()).replace("|", "\\|");
      page.append("| `").append(names).append('`').append(label);
      page.append(" | ").append(text).append(" |\n");
    }
  }

  private static String label(OptionSpec option) {
    return " " + option.paramLabel().replace("|", "\\|").replace("%%", "%");
  }
}
