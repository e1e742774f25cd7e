package io.azcp.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** Tells whether a path is a file. */
@CommandLine.Command(
    name = "isfile",
    description = "Ends with 0 where a mapped path is a file, else with 1; prints nothing.")
final class IsFileCommand extends PathCommand {
  @Parameters(paramLabel = "PATH", description = "What may be a file.")
  private String path;

  IsFileCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  public Integer call() throws IOException {
    boolean is = requests().files().size(path).isPresent();
    if (global.json()) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("path", path);
      object.put("isFile", is);
      object(object);
    }
    return is ? ExitCode.DONE : ExitCode.FAILED;
  }
}
