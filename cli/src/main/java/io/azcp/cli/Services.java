package io.azcp.cli;

import io.azcp.base.Durations;
import io.azcp.base.UsageException;
import io.azcp.base.Version;
import io.azcp.transfer.blob.BlobServices;
import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.blob.ClientOptions;
import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.engine.TransferOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** Opens services as the global options say. */
final class Services {
  private static final String MAX_RETRIES = "AZCP_MAX_RETRIES";

  private Services() {}

  /**
   * Opens the account of a place, telling on stderr what the user should know of the credential.
   *
   * @param bulk whether many bytes will move
   */
  static OpenedService open(
      BlobUrl place, Invocation invocation, GlobalOptions global, boolean bulk) throws IOException {
    return open(place, invocation, global, options(invocation.env(), global).withBulk(bulk));
  }

  /** The same for a transfer, within its limits. */
  static OpenedService open(
      BlobUrl place, Invocation invocation, GlobalOptions global, TransferOptions transfer)
      throws IOException {
    ClientOptions options = options(invocation.env(), global);
    return open(place, invocation, global, options.withBulk(true).withLimits(transfer.limits()));
  }

  private static OpenedService open(
      BlobUrl place, Invocation invocation, GlobalOptions global, ClientOptions options)
      throws IOException {
    OpenedService opened = BlobServices.open(place.at("", ""), invocation.env(), options);
    opened.notes().forEach(note -> global.outputType.get().complain(invocation.err(), note));
    return opened;
  }

  /** What the global options say of requests. */
  static ClientOptions options(Map<String, String> environment, GlobalOptions global)
      throws UsageException {
    ClientOptions options = ClientOptions.DEFAULT.withUserAgent("azcp/" + Version.text());
    if (!global.caFile.get().isEmpty()) {
      options = options.withCaFile(global.caFile.get());
    }
    options = options.withMaxRetries(retries(environment, global, options.maxRetries()));
    if (!global.timeout.get().isEmpty()) {
      Duration limit = Durations.parse(global.timeout.get());
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

  private static int retries(Map<String, String> environment, GlobalOptions global, int fallback)
      throws UsageException {
    String text = environment.getOrDefault(MAX_RETRIES, "").strip();
    if (global.maxRetries.get() == null && text.isEmpty()) {
      return fallback;
    }
    try {
      int retries =
          global.maxRetries.get() == null ? Integer.parseInt(text) : global.maxRetries.get();
      if (retries >= 0) {
        return retries;
      }
    } catch (NumberFormatException e) {
      throw new UsageException("the variable " + MAX_RETRIES + " is '" + text + "', no number", e);
    }
    String name = global.maxRetries.get() == null ? "the variable " + MAX_RETRIES : "--max-retries";
    throw new UsageException(name + " cannot be negative");
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
