package io.azcp.cli;

import io.azcp.config.ConfigReport;
import io.azcp.config.MappingLoader;
import java.io.IOException;
import java.util.Optional;

/** Shows the configuration as it is understood. */
final class ConfigCheckCommand extends Command {
  private final Value<String> file =
      arguments
          .value(String.class, "--config")
          .label("FILE")
          .says("The file to check instead of the one that would be used.");

  ConfigCheckCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("check").description("Prints the rules as they are understood; contacts no service.");
  }

  @Override
  public Integer call() throws IOException {
    out()
        .print(
            ConfigReport.render(
                MappingLoader.load(Optional.ofNullable(file.get()), environment()), environment()));
    return ExitCode.DONE;
  }
}
