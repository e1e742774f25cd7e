package io.azcp.transfer.blob;

import io.azcp.transfer.limit.RequestLimits;
import java.time.Duration;

/**
 * How the service is talked to.
 *
 * @param connectTimeout for one connection to be made, all addresses of the host together
 * @param idleTimeout for the other side to send or take the next bytes
 * @param requestTimeout for one request and its answer; a body adds one second for every 256 KiB
 * @param maxRetries how often a call is repeated at most
 * @param userAgent the User-Agent header
 * @param apiVersion the x-ms-version header
 * @param caFile PEM file of the authorities to trust, or null for the JVM's and the system's
 * @param bulk whether enough bytes will move to be worth loading BoringSSL (some 0.5 s)
 * @param limits what the requests of all services opened with these options may take together
 * @param proxy through which the service is reached, or null for none
 */
public record ClientOptions(
    Duration connectTimeout,
    Duration idleTimeout,
    Duration requestTimeout,
    int maxRetries,
    String userAgent,
    String apiVersion,
    String caFile,
    boolean bulk,
    RequestLimits limits,
    HttpProxy proxy) {

  /**
   * Defaults. Two connection attempts (as many as a service that was never reached gets) and the
   * pause between them stay below ten seconds.
   */
  public static final ClientOptions DEFAULT =
      new ClientOptions(
          Duration.ofSeconds(4),
          Duration.ofSeconds(30),
          Duration.ofMinutes(2),
          5,
          "azcp",
          BlobService.API_VERSION,
          null,
          false,
          RequestLimits.NONE,
          null);

  /** The same with other limits of time. */
  public ClientOptions withTimeouts(Duration connect, Duration idle, Duration request) {
    return new ClientOptions(
        connect, idle, request, maxRetries, userAgent, apiVersion, caFile, bulk, limits, proxy);
  }

  /** The same with another number of retries, 0 for none. */
  public ClientOptions withMaxRetries(int retries) {
    return new ClientOptions(
        connectTimeout,
        idleTimeout,
        requestTimeout,
        retries,
        userAgent,
        apiVersion,
        caFile,
        bulk,
        limits,
        proxy);
  }

  /** The same under another name, as {@code azcp/1.0}. */
  public ClientOptions withUserAgent(String agent) {
    return new ClientOptions(
        connectTimeout,
        idleTimeout,
        requestTimeout,
        maxRetries,
        agent,
        apiVersion,
        caFile,
        bulk,
        limits,
        proxy);
  }

  /** The same with another version of the REST API. */
  public ClientOptions withApiVersion(String version) {
    return new ClientOptions(
        connectTimeout,
        idleTimeout,
        requestTimeout,
        maxRetries,
        userAgent,
        version,
        caFile,
        bulk,
        limits,
        proxy);
  }

  /** The same with other authorities to trust. */
  public ClientOptions withCaFile(String file) {
    return new ClientOptions(
        connectTimeout,
        idleTimeout,
        requestTimeout,
        maxRetries,
        userAgent,
        apiVersion,
        file,
        bulk,
        limits,
        proxy);
  }

  /** The same for many bytes or for few. */
  public ClientOptions withBulk(boolean many) {
    return new ClientOptions(
        connectTimeout,
        idleTimeout,
        requestTimeout,
        maxRetries,
        userAgent,
        apiVersion,
        caFile,
        many,
        limits,
        proxy);
  }

  /** The same within limits. */
  public ClientOptions withLimits(RequestLimits shared) {
    return new ClientOptions(
        connectTimeout,
        idleTimeout,
        requestTimeout,
        maxRetries,
        userAgent,
        apiVersion,
        caFile,
        bulk,
        shared,
        proxy);
  }

  /** The same through a proxy, or null for none. */
  public ClientOptions withProxy(HttpProxy through) {
    return new ClientOptions(
        connectTimeout,
        idleTimeout,
        requestTimeout,
        maxRetries,
        userAgent,
        apiVersion,
        caFile,
        bulk,
        limits,
        through);
  }
}
