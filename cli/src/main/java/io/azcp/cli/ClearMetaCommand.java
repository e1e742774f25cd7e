package io.azcp.cli;

import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.Conditions;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** Removes a blob's metadata. */
@CommandLine.Command(
    name = "clear-meta",
    aliases = "clear_meta",
    description = "Removes all metadata of a blob: modes, owners and times that azcp keeps, too.")
final class ClearMetaCommand extends PlaceCommand {
  @Parameters(paramLabel = "PATH|URL", description = "A file or a blob.")
  private String target;

  ClearMetaCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  public Integer call() throws IOException {
    try (BlobPlace place = blob(target)) {
      settle(target, place);
      BlobService service = place.opened().service();
      BlobProperties blob = service.head(place.container(), place.name());
      if (blob.metadata().isEmpty()) {
        told(place, "unchanged", "Nothing to do: " + place.shown() + " has no metadata");
        return ExitCode.DONE;
      }
      service.setMetadata(place.container(), place.name(), Map.of(), Conditions.match(blob.etag()));
      changed(target, place);
      told(place, "cleared", "Cleared metadata: " + place.shown());
    }
    return ExitCode.DONE;
  }
}
