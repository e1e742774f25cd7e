package io.azcp.transfer.blob;

import io.azcp.base.AzcpException;

/**
 * A place in the service: endpoint and account, and below it an optional container and an optional
 * name. Printing one never shows its SAS.
 *
 * @param scheme {@code http} or {@code https}
 * @param host name or address; an IPv6 address without brackets
 * @param port always given, also where it is the scheme's default
 * @param pathStyle whether the account is the first part of the path (Azurite) and not of the host
 * @param account account name; a {@code -secondary} suffix is not part of it
 * @param container container name, empty for the account itself
 * @param name blob name or prefix, decoded, empty for the container itself
 * @param sas query string of a shared access signature without {@code ?}, empty for none
 */
public record BlobUrl(
    String scheme,
    String host,
    int port,
    boolean pathStyle,
    String account,
    String container,
    String name,
    String sas) {

  /**
   * Reads a location: {@code http(s)://ACCOUNT.blob.SUFFIX/…}, {@code http(s)://HOST/ACCOUNT/…} or
   * {@code az://ACCOUNT/…}. The path is percent-decoded once; {@code #} is an ordinary character.
   *
   * @param endpoint the service URL {@code az://} stands for, and whose host is always path-style
   *     when it is not {@code ACCOUNT.blob.SUFFIX}; null for the public cloud
   * @throws AzcpException {@code EINVAL}, naming what is wrong
   */
  public static BlobUrl parse(String text, String endpoint) throws AzcpException {
    return BlobUrlParser.parse(text, endpoint);
  }

  /** Whether a text has the form of a location in the service, well-formed or not. */
  public static boolean isUrl(String text) {
    return text.startsWith("https://") || text.startsWith("http://") || text.startsWith("az://");
  }

  /** The same account with another container and name. */
  public BlobUrl at(String newContainer, String newName) {
    return new BlobUrl(scheme, host, port, pathStyle, account, newContainer, newName, sas);
  }

  /** The same place with another shared access signature, empty for none. */
  public BlobUrl withSas(String newSas) {
    return new BlobUrl(scheme, host, port, pathStyle, account, container, name, newSas);
  }

  /** Whether this is TLS. */
  public boolean secure() {
    return scheme.equals("https");
  }

  /** Host and, where it is not the scheme's default, port: the Host header. */
  public String authority() {
    String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == (secure() ? 443 : 80) ? bracketed : bracketed + ":" + port;
  }

  /** The path on the wire: encoded, with the account where it belongs there. */
  public String encodedPath() {
    StringBuilder path = new StringBuilder();
    if (pathStyle) {
      path.append('/').append(account);
    }
    if (!container.isEmpty()) {
      path.append('/').append(NameEncoding.path(container));
    }
    if (!name.isEmpty()) {
      path.append('/').append(NameEncoding.path(name));
    }
    return path.isEmpty() ? "/" : path.toString();
  }

  /** The URL with its path encoded and without the SAS. */
  @Override
  public String toString() {
    return scheme + "://" + authority() + encodedPath();
  }
}
