package io.azcp.cli;

import io.azcp.base.Durations;
import io.azcp.base.UsageException;
import io.azcp.base.Version;
import io.azcp.transfer.blob.BlobServices;
import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.blob.ClientOptions;
import io.azcp.transfer.blob.OpenedService;
import java.io.IOException;
import java.time.Duration;

/** Opens services as the global options say. */
final class Services {
  private Services() {}

  /**
   * Opens the account of a place, telling on stderr what the user should know of the credential.
   *
   * @param bulk whether many bytes will move
   */
  static OpenedService open(
      BlobUrl place, Invocation invocation, GlobalOptions global, boolean bulk) throws IOException {
    OpenedService opened =
        BlobServices.open(place.at("", ""), invocation.env(), options(global).withBulk(bulk));
    opened.notes().forEach(note -> Azcp.complain(invocation, note));
    return opened;
  }

  /** What the global options say of requests. */
  static ClientOptions options(GlobalOptions global) throws UsageException {
    ClientOptions options = ClientOptions.DEFAULT.withUserAgent("azcp/" + Version.text());
    if (!global.caFile.isEmpty()) {
      options = options.withCaFile(global.caFile);
    }
    if (global.maxRetries != null) {
      if (global.maxRetries < 0) {
        throw new UsageException("--max-retries cannot be negative");
      }
      options = options.withMaxRetries(global.maxRetries);
    }
    if (!global.timeout.isEmpty()) {
      Duration limit = Durations.parse(global.timeout);
      if (limit.isZero()) {
        throw new UsageException("--timeout must be more than zero");
      }
      options =
          options.withTimeouts(
              shorter(options.connectTimeout(), limit),
              shorter(options.idleTimeout(), limit),
              limit);
    }
    return options;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
