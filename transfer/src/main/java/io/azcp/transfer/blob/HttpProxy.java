package io.azcp.transfer.blob;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;

/**
 * A proxy that speaks HTTP: a tunnel (CONNECT) for https, absolute URLs for http (RFC 9112, 3.2).
 * Printing one never shows its password. Immutable.
 *
 * @param host name or address, an IPv6 address without brackets
 * @param port its port
 * @param authorization value of the Proxy-Authorization header, or empty
 */
public record HttpProxy(String host, int port, String authorization) {
  private static final int DEFAULT_PORT = 80;

  /**
   * The proxy that the environment names for a place, or null for none: {@code https_proxy} or
   * {@code http_proxy} by its scheme, in lower or upper case, unless {@code no_proxy} excepts the
   * host. This machine and link-local addresses, as the metadata service's, are never asked for
   * through one.
   *
   * @throws AzcpException {@code EINVAL} naming the variable whose value is no such proxy
   */
  static HttpProxy of(Map<String, String> environment, BlobUrl place) throws AzcpException {
    String name = place.secure() ? "https_proxy" : "http_proxy";
    String used = environment.getOrDefault(name, "").isBlank() ? upper(name) : name;
    String value = environment.getOrDefault(used, "").strip();
    if (value.isEmpty() || Hosts.isLoopback(place.host()) || Hosts.isLinkLocal(place.host())) {
      return null;
    }
    String exceptions = environment.getOrDefault("no_proxy", "");
    if (exceptions.isBlank()) {
      exceptions = environment.getOrDefault("NO_PROXY", "");
    }
    return ProxyExceptions.of(exceptions).cover(place.host(), place.port())
        ? null
        : parse(value, used);
  }

  private static String upper(String name) {
    return name.toUpperCase(Locale.ROOT);
  }

  private static HttpProxy parse(String value, String variable) throws AzcpException {
    try {
      URI uri = new URI(value.contains("://") ? value : "http://" + value);
      if (uri.getHost() != null && "http".equalsIgnoreCase(uri.getScheme())) {
        String host = uri.getHost().replaceAll("[\\[\\]]", "");
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        return new HttpProxy(host, port, basic(uri.getUserInfo()));
      }
    } catch (URISyntaxException e) {
      // Said below, without the value: it may hold a password.
    }
    throw new AzcpException(
        Errno.EINVAL,
        variable
            + " is not a proxy that can be used; write it as http://HOST:PORT or"
            + " http://USER:PASSWORD@HOST:PORT");
  }

  private static String basic(String user) {
    return user == null
        ? ""
        : "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
  }

  /** What a request's target begins with where it goes to a proxy in the clear; else "". */
  static String before(HttpProxy proxy, BlobUrl target) {
    return proxy == null || target.secure() ? "" : "http://" + target.authority();
  }

  /** The header, with its line's end, of a request that goes to a proxy in the clear; else "". */
  static String header(HttpProxy proxy, BlobUrl target) {
    return proxy == null || target.secure() ? "" : proxy.header();
  }

  private String header() {
    return authorization.isEmpty() ? "" : "Proxy-Authorization: " + authorization + "\r\n";
  }

  /** The request that asks for a tunnel (RFC 9110, 9.3.6). */
  String connect(BlobUrl target) {
    String bracketed = target.host().indexOf(':') >= 0 ? "[" + target.host() + "]" : target.host();
    String authority = bracketed + ":" + target.port();
    return "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n" + header() + "\r\n";
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
