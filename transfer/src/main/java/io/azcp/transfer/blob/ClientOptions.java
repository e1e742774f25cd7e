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
 * @param bulk whether BoringSSL is loaded at once, as for a transfer, or once many bytes have moved
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
    var changed = new Draft(this);
    changed.connectTimeout = connect;
    changed.idleTimeout = idle;
    changed.requestTimeout = request;
    return changed.options();
  }

  /** The same with another number of retries, 0 for none. */
  public ClientOptions withMaxRetries(int retries) {
    var changed = new Draft(this);
    changed.maxRetries = retries;
    return changed.options();
  }

  /** The same under another name, as {@code azcp/1.0}. */
  public ClientOptions withUserAgent(String agent) {
    var changed = new Draft(this);
    changed.userAgent = agent;
    return changed.options();
  }

  /** The same with another version of the REST API. */
  public ClientOptions withApiVersion(String version) {
    var changed = new Draft(this);
    changed.apiVersion = version;
    return changed.options();
  }

  /** The same with other authorities to trust. */
  public ClientOptions withCaFile(String file) {
    var changed = new Draft(this);
    changed.caFile = file;
    return changed.options();
  }

  /** The same for a transfer, or for what is mostly over soon. */
  public ClientOptions withBulk(boolean many) {
    var changed = new Draft(this);
    changed.bulk = many;
    return changed.options();
  }

  /** The same within limits. */
  public ClientOptions withLimits(RequestLimits shared) {
    var changed = new Draft(this);
    changed.limits = shared;
    return changed.options();
  }

  /** The same through a proxy, or null for none. */
  public ClientOptions withProxy(HttpProxy through) {
    var changed = new Draft(this);
    changed.proxy = through;
    return changed.options();
  }

  /** Options that can be changed one by one. */
  private static final class Draft {
    private Duration connectTimeout;
    private Duration idleTimeout;
    private Duration requestTimeout;
    private int maxRetries;
    private String userAgent;
    private String apiVersion;
    private String caFile;
    private boolean bulk;
    private RequestLimits limits;
    private HttpProxy proxy;

    Draft(ClientOptions from) {
      connectTimeout = from.connectTimeout;
      idleTimeout = from.idleTimeout;
      requestTimeout = from.requestTimeout;
      maxRetries = from.maxRetries;
      userAgent = from.userAgent;
      apiVersion = from.apiVersion;
      caFile = from.caFile;
      bulk = from.bulk;
      limits = from.limits;
      proxy = from.proxy;
    }

    ClientOptions options() {
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
          proxy);
    }
  }
}
