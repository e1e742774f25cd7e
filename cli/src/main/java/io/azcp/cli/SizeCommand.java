package io.azcp.cli;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Prints the size of a file. */
final class SizeCommand extends PathCommand {
  private final Value<String> path = arguments.parameter("PATH", "A file.");

  SizeCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("size").description("Prints the bytes of a file by its mapped path.");
  }

  @Override
  public Integer call() throws IOException {
    long bytes =
        requests()
            .files()
            .size(path.get())
            .orElseThrow(() -> new AzcpException(Errno.ENOENT, "there is no file " + path.get()));
    if (global.json()) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("path", path.get());
      object.put("bytes", bytes);
      object(object);
    } else {
      out().println(bytes);
    }
    return ExitCode.DONE;
  }
}
