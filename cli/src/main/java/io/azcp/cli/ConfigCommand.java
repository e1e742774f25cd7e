package io.azcp.cli;

import io.azcp.config.ConfigReport;
import io.azcp.config.MappingLoader;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows and checks the configuration. */
@CommandLine.Command(name = "config", description = "Checks a configuration file.")
final class ConfigCommand extends Command {
  @Spec private CommandSpec spec;

  ConfigCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(invocation.err());
    return ExitCode.USAGE;
  }

  @CommandLine.Command(
      name = "check",
      description = "Prints the rules as they are understood; contacts no service.")
  Integer check(
      @Option(
              names = "--config",
              paramLabel = "FILE",
              description = "The file to check instead of the one that would be used.")
          String file)
      throws IOException {
    out()
        .print(
            ConfigReport.render(
                MappingLoader.load(Optional.ofNullable(file), environment()), environment()));
    return ExitCode.DONE;
  }
}
