package io.azcp.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A command that hands files, fetched whole, to a program of the user's. */
abstract class ShowCommand extends PathCommand {
  private final Value<List<String>> paths = arguments.parameters(1, "PATH", "A file.");

  private final Value<String> program;

  ShowCommand(Invocation invocation, GlobalOptions global, String usual) {
    super(invocation, global);
    program =
        arguments
            .text("--with")
            .label("PROGRAM")
            .orElse(usual)
            .says("What is run with the files as its arguments (default ${DEFAULT-VALUE}).");
  }

  @Override
  public final Integer call() throws IOException {
    List<String> command = new ArrayList<>(List.of(program.get()));
    for (String path : paths.get()) {
      command.add(requests().files().whole(path));
    }
    return Program.run(invocation, command);
  }
}
