package io.azcp.cli;

import io.azcp.base.Json;
import io.azcp.config.Environment;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** What all commands have: their surroundings and the global options. Answers the exit code. */
abstract class Command implements Callable<Integer> {
  final Invocation invocation;
  final GlobalOptions global;

  /** The command as the parser knows it. */
  final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

  /** What it takes, besides the global options. */
  final Arguments arguments = Arguments.of(spec);

  Command(Invocation invocation, GlobalOptions global) {
    this.invocation = invocation;
    this.global = global;
  }

  /** Names the command; what is shown of it is added to the answer. */
  final UsageMessageSpec command(String name, String... otherNames) {
    return spec.name(name)
        .aliases(otherNames)
        .versionProvider(new BuildVersion())
        .usageMessage()
        .synopsisSubcommandLabel("COMMAND")
        .abbreviateSynopsis(true)
        .autoWidth(true);
  }

  /** Where results go. */
  final PrintStream out() {
    return invocation.out();
  }

  /** Reports a failure or a warning in one sentence. */
  final void complain(String sentence) {
    global.outputType.get().complain(invocation.err(), sentence);
  }

  /** Prints one result for programs. */
  final void object(Map<String, ?> object) {
    out().println(Json.write(object));
  }

  /** Variables and working directory, for what resolves paths. */
  final Environment environment() {
    return new Environment(invocation.env(), invocation.directory().toString());
  }
}
