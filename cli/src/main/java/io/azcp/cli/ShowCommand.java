package io.azcp.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that hands files, fetched whole, to a program of the user's. */
abstract class ShowCommand extends PathCommand {
  @Parameters(arity = "1..*", paramLabel = "PATH", description = "A file.")
  private List<String> paths;

  @Option(
      names = "--with",
      paramLabel = "PROGRAM",
      description = "What is run with the files as its arguments (default ${DEFAULT-VALUE}).")
  private String program;

  ShowCommand(Invocation invocation, GlobalOptions global, String program) {
    super(invocation, global);
    this.program = program;
  }

  @Override
  public final Integer call() throws IOException {
    List<String> command = new ArrayList<>(List.of(program));
    for (String path : paths) {
      command.add(requests().files().whole(path));
    }
    return Program.run(invocation, command);
  }
}
