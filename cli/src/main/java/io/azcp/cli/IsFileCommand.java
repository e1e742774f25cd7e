package io.azcp.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells whether a path is a file. */
final class IsFileCommand extends PathCommand {
  private final Value<String> path = arguments.parameter("PATH", "What may be a file.");

  IsFileCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("isfile")
        .description("Ends with 0 where a mapped path is a file, else with 1; prints nothing.");
  }

  @Override
  public Integer call() throws IOException {
    boolean is = requests().files().size(path.get()).isPresent();
    if (global.json()) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("path", path.get());
      object.put("isFile", is);
      object(object);
    }
    return is ? ExitCode.DONE : ExitCode.FAILED;
  }
}
