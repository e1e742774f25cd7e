package io.azcp.cli;

import io.azcp.transfer.blob.ReadLink;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** Makes a link. */
@CommandLine.Command(
    name = "url",
    description = {
      "Prints a link by which anybody can read one file, and nothing else.",
      "It holds for 30 days where the account's key is at hand, for 7 days with an identity."
    })
final class UrlCommand extends PlaceCommand {
  @Parameters(paramLabel = "PATH|URL", description = "A file or a blob.")
  private String target;

  UrlCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  public Integer call() throws IOException {
    try (BlobPlace place = blob(target)) {
      settle(target, place);
      place.opened().service().head(place.container(), place.name());
      ReadLink link = place.opened().service().readLink(place.container(), place.name());
      if (global.json()) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("url", link.url());
        object.put("until", link.until().toString());
        object(object);
      } else {
        out().println(link.url());
      }
    }
    return ExitCode.DONE;
  }
}
