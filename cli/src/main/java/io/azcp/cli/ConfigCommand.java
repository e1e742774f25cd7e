package io.azcp.cli;

/** What is done with the configuration. */
final class ConfigCommand extends Command {
  ConfigCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("config").description("Checks a configuration file.");
    spec.addSubcommand("check", new ConfigCheckCommand(invocation, global).spec);
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(invocation.err());
    return ExitCode.USAGE;
  }
}
