package io.azcp.cli;

import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.Conditions;
import java.io.IOException;
import java.util.Map;

/** Removes a blob's metadata. */
final class ClearMetaCommand extends PlaceCommand {
  private final Value<String> target = arguments.parameter("PATH|URL", "A file or a blob.");

  ClearMetaCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("clear-meta", "clear_meta")
        .description(
            "Removes all metadata of a blob: modes, owners and times that azcp keeps, too.");
  }

  @Override
  public Integer call() throws IOException {
    try (BlobPlace place = blob(target.get())) {
      settle(target.get(), place);
      BlobService service = place.opened().service();
      BlobProperties blob = service.head(place.container(), place.name());
      if (blob.metadata().isEmpty()) {
        told(place, "unchanged", "Nothing to do: " + place.shown() + " has no metadata");
        return ExitCode.DONE;
      }
      service.setMetadata(place.container(), place.name(), Map.of(), Conditions.match(blob.etag()));
      changed(target.get(), place);
      told(place, "cleared", "Cleared metadata: " + place.shown());
    }
    return ExitCode.DONE;
  }
}
