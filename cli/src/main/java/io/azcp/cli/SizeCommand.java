package io.azcp.cli;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** Prints the size of a file. */
@CommandLine.Command(name = "size", description = "Prints the bytes of a file by its mapped path.")
final class SizeCommand extends PathCommand {
  @Parameters(paramLabel = "PATH", description = "A file.")
  private String path;

  SizeCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  public Integer call() throws IOException {
    long bytes =
        requests()
            .files()
            .size(path)
            .orElseThrow(() -> new AzcpException(Errno.ENOENT, "there is no file " + path));
    if (global.json()) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("path", path);
      object.put("bytes", bytes);
      object(object);
    } else {
      out().println(bytes);
    }
    return ExitCode.DONE;
  }
}
