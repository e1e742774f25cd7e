package io.azcp.cli;

import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.blob.PutOptions;
import java.io.IOException;
import java.util.Map;

/** Makes a container or a directory. */
final class MakeCommand extends Command {
  private final Value<String> target =
      arguments.parameter("URL", "A container, or a directory in it.");

  MakeCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("mk").description("Makes a container, or a directory in one.");
  }

  @Override
  public Integer call() throws IOException {
    BlobUrl url = Location.inContainer(target.get(), invocation, global);
    try (OpenedService opened = Services.open(url, invocation, global, false)) {
      String directory = url.name().replaceAll("/+$", "");
      if (directory.isEmpty()) {
        opened.service().createContainer(url.container());
        tell("container", url.container());
      } else {
        var marker =
            new PutOptions("", "", Map.of(BlobProperties.IS_FOLDER, "true"), Conditions.ABSENT);
        opened.service().put(url.container(), directory, BodySource.of(new byte[0]), marker);
        tell("directory", directory);
      }
    }
    return ExitCode.DONE;
  }

  private void tell(String what, String name) {
    if (global.json()) {
      object(Map.of("type", what, "name", name, "status", "created"));
    } else {
      out().println("Created " + what + ": " + name);
    }
  }
}
