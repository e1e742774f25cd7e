package io.azcp.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Shows a blob's metadata. */
final class MetaCommand extends PlaceCommand {
  private final Value<String> target = arguments.parameter("PATH|URL", "A file or a blob.");

  MetaCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("meta").description("Shows the metadata of a blob, a line for each key.");
  }

  @Override
  public Integer call() throws IOException {
    try (BlobPlace place = blob(target.get())) {
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
