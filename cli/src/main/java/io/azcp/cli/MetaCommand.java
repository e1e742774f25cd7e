package io.azcp.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** Shows a blob's metadata. */
@CommandLine.Command(
    name = "meta",
    description = "Shows the metadata of a blob, a line for each key.")
final class MetaCommand extends PlaceCommand {
  @Parameters(paramLabel = "PATH|URL", description = "A file or a blob.")
  private String target;

  MetaCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  public Integer call() throws IOException {
    try (BlobPlace place = blob(target)) {
      Map<String, String> metadata =
          new TreeMap<>(place.opened().service().head(place.container(), place.name()).metadata());
      if (global.json()) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", place.name());
        object.put("metadata", metadata);
        object(object);
      } else {
        metadata.forEach((key, value) -> out().println(key + ": " + value));
      }
    }
    return ExitCode.DONE;
  }
}
