package io.azcp.cli;

import io.azcp.transfer.blob.ReadLink;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes a link. */
final class UrlCommand extends PlaceCommand {
  private final Value<String> target = arguments.parameter("PATH|URL", "A file or a blob.");

  UrlCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("url")
        .description(
            "Prints a link by which anybody can read one file, and nothing else.",
            "It holds for 30 days where the account's key is at hand, for 7 days with an identity.");
  }

  @Override
  public Integer call() throws IOException {
    try (BlobPlace place = blob(target.get())) {
      settle(target.get(), place);
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
