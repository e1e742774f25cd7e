package io.azcp.cli;

import io.azcp.config.EnvironmentReport;
import io.azcp.transfer.blob.BlobServices;
import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.blob.OpenedService;
import java.io.IOException;

/** Shows the environment as this program reads it, and who it would ask as. */
final class EnvCommand extends Command {
  private final Value<String> place =
      arguments.optionalParameter("URL", "An account, container or blob.");

  EnvCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("env")
        .description(
            "Prints every environment variable that is read; secrets are shown as 'set'.",
            "With URL also the credential that would be used there.");
  }

  @Override
  public Integer call() throws IOException {
    BlobUrl url =
        place.get() == null ? ofVariable() : Location.url(place.get(), invocation, global);
    out().print(EnvironmentReport.render(environment()));
    if (url == null) {
      out().println("credential: give a URL, or set AZURE_STORAGE_ACCOUNT, to see which is used");
      return ExitCode.DONE;
    }
    out().println("account: " + url.at("", ""));
    try (OpenedService opened =
        BlobServices.open(
            url.at("", ""), invocation.env(), Services.options(invocation.env(), global))) {
      out().println("credential: " + opened.credentialSource());
      opened.notes().forEach(this::complain);
    }
    return ExitCode.DONE;
  }

  /** The account that the environment names, or null. */
  private BlobUrl ofVariable() throws IOException {
    String account = invocation.variable("AZURE_STORAGE_ACCOUNT").strip();
    return account.isEmpty() ? null : Location.url("az://" + account, invocation, global);
  }
}
