package io.azcp.cli;

import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what makes a shell complete commands and options. */
@CommandLine.Command(
    name = "completion",
    description = {
      "Prints a script that has a shell complete commands, options and their words.",
      "bash: source <(azcp completion bash); zsh: source <(azcp completion zsh)"
    })
final class CompletionCommand extends Command {
  /** The shells whose script is one and the same; zsh reads it by its bashcompinit. */
  enum Shell {
    BASH,
    ZSH
  }

  @Parameters(
      paramLabel = "bash|zsh",
      converter = ForShell.class,
      completionCandidates = ForShell.class,
      description = "The shell.")
  private Shell shell;

  @Spec private CommandSpec spec;

  CompletionCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  public Integer call() {
    if (shell == Shell.ZSH) {
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
