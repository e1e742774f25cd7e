package io.azcp.cli;

import java.util.List;
import picocli.AutoComplete;

/** Prints what makes a shell complete commands and options. */
final class CompletionCommand extends Command {
  /** The shells whose script is one and the same; zsh reads it by its bashcompinit. */
  enum Shell {
    BASH,
    ZSH
  }

  private final Value<Shell> shell =
      arguments.parameter(Shell.class, new ForShell(), "bash|zsh", "The shell.");

  CompletionCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("completion")
        .description(
            "Prints a script that has a shell complete commands, options and their words.",
            "bash: source <(azcp completion bash); zsh: source <(azcp completion zsh)");
  }

  @Override
  public Integer call() {
    if (shell.get() == Shell.ZSH) {
      List.of("autoload -U +X compinit && compinit", "autoload -U +X bashcompinit && bashcompinit")
          .forEach(out()::println);
    }
    out().println(AutoComplete.bash("azcp", spec.root().commandLine()));
    return ExitCode.DONE;
  }

  /** The words of its parameter. */
  static final class ForShell extends Words<Shell> {
    ForShell() {
      super(null);
      word("bash", Shell.BASH);
      word("zsh", Shell.ZSH);
    }
  }
}
