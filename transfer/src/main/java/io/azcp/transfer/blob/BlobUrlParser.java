package io.azcp.transfer.blob;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads the forms of a location that {@link BlobUrl#parse} takes. */
final class BlobUrlParser {
  private static final String SECONDARY = "-secondary";
  private static final Pattern ACCOUNT = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /** DNS zones of accounts with zonal endpoints, as {@code account.z01.blob.storage.azure.net}. */
  private static final Pattern ZONE = Pattern.compile("z\\d{1,3}");

  private final String text;
  private final String shown;

  private BlobUrlParser(String text) {
    this.text = text;
    int query = text.indexOf('?');
    this.shown = query < 0 ? text : text.substring(0, query);
  }

  static BlobUrl parse(String text, String endpoint) throws AzcpException {
    BlobUrl base = endpoint == null || endpoint.isBlank() ? null : endpoint(endpoint.strip());
    BlobUrlParser parser = new BlobUrlParser(text);
    if (text.regionMatches(true, 0, "az://", 0, 5)) {
      return parser.azure(base);
    }
    return parser.http(base);
  }

  /** The parts of a text: authority, path after it, and query; the scheme is cut off. */
  private record Parts(String scheme, String host, int port, String path, String sas) {
    String authority() {
      return host + ":" + port;
    }
  }

  /** An endpoint: the account may be missing from a path-style one, and is then empty. */
  private static BlobUrl endpoint(String text) throws AzcpException {
    BlobUrlParser parser = new BlobUrlParser(text);
    Parts parts = parser.split();
    if (parts.host().startsWith("blob.")) {
      return new BlobUrl(parts.scheme(), parts.host(), parts.port(), false, "", "", "", "");
    }
    if (isHostStyle(parts.host())) {
      return parser.hostStyle(parts);
    }
    return parser.pathStyle(parts);
  }

  private BlobUrl azure(BlobUrl endpoint) throws AzcpException {
    int query = text.indexOf('?');
    String path = query < 0 ? text.substring(5) : text.substring(5, query);
    String sas = query < 0 ? "" : sas(text.substring(query + 1));
    int slash = path.indexOf('/');
    String account = account(slash < 0 ? path : path.substring(0, slash));
    String rest = slash < 0 ? "" : path.substring(slash + 1);
    BlobUrl base = endpoint;
    if (base == null) {
      base = new BlobUrl("https", "blob.core.windows.net", 443, false, "", "", "", "");
    }
    String host = base.host();
    if (!base.pathStyle()) {
      if (base.account().isEmpty()) {
        host = account + "." + host;
      } else if (!base.account().equals(account)) {
        throw fault("the endpoint is of account '" + base.account() + "'");
      }
    }
    return below(
        new BlobUrl(base.scheme(), host, base.port(), base.pathStyle(), account, "", "", sas),
        rest);
  }

  private BlobUrl http(BlobUrl endpoint) throws AzcpException {
    Parts parts = split();
    if (endpoint != null
        && endpoint.pathStyle()
        && parts.authority().equals(endpoint.host() + ":" + endpoint.port())) {
      return pathStyle(parts);
    }
    if (isHostStyle(parts.host())) {
      return hostStyle(parts);
    }
    if (endpoint == null && !isPathStyle(parts.host())) {
      throw fault(
          "the host is not ACCOUNT.blob.SUFFIX; where the account is the first part of the path,"
              + " give --endpoint");
    }
    return pathStyle(parts);
  }

  private Parts split() throws AzcpException {
    String scheme;
    if (text.regionMatches(true, 0, "https://", 0, 8)) {
      scheme = "https";
    } else if (text.regionMatches(true, 0, "http://", 0, 7)) {
      scheme = "http";
    } else {
      throw fault("it does not start with https://, http:// or az://");
    }
    String rest = text.substring(scheme.length() + 3);
    int query = rest.indexOf('?');
    String sas = query < 0 ? "" : sas(rest.substring(query + 1));
    rest = query < 0 ? rest : rest.substring(0, query);
    int slash = rest.indexOf('/');
    String authority = (slash < 0 ? rest : rest.substring(0, slash)).toLowerCase(Locale.ROOT);
    String path = slash < 0 ? "" : rest.substring(slash + 1);
    if (authority.indexOf('@') >= 0) {
      throw new AzcpException(
          Errno.EINVAL, "a blob URL must not hold a user or password before its host");
    }
    int colon = authority.startsWith("[") ? authority.indexOf("]:") + 1 : authority.indexOf(':');
    if (authority.startsWith("[") && authority.indexOf(']') < 0) {
      throw fault("the address lacks its ]");
    }
    boolean hasPort = colon > 0;
    String host = hasPort ? authority.substring(0, colon) : authority;
    int port = scheme.equals("https") ? 443 : 80;
    if (hasPort) {
      port = port(authority.substring(colon + 1));
    }
    if (host.startsWith("[")) {
      host = host.substring(1, host.length() - 1);
    }
    if (host.isEmpty()) {
      throw fault("it has no host");
    }
    return new Parts(scheme, host, port, path, sas);
  }

  private int port(String digits) throws AzcpException {
    try {
      int port = Integer.parseInt(digits);
      if (port > 0 && port < 65536) {
        return port;
      }
    } catch (NumberFormatException e) {
      throw fault("its port '" + digits + "' is not a number");
    }
    throw fault("its port is not between 1 and 65535");
  }

  private static boolean isHostStyle(String host) {
    String[] labels = host.split("\\.", -1);
    return labels.length >= 3
        && (isService(labels[1])
            || (labels.length >= 4 && ZONE.matcher(labels[1]).matches() && isService(labels[2])));
  }

  private static boolean isService(String label) {
    return label.equals("blob") || label.equals("dfs");
  }

  private static boolean isPathStyle(String host) {
    return host.indexOf(':') >= 0 || host.indexOf('.') < 0 || IPV4.matcher(host).matches();
  }

  private BlobUrl hostStyle(Parts parts) throws AzcpException {
    String[] labels = parts.host().split("\\.", -1);
    int service = isService(labels[1]) ? 1 : 2;
    labels[service] = "blob";
    String account = account(labels[0]);
    return below(
        new BlobUrl(
            parts.scheme(),
            String.join(".", labels),
            parts.port(),
            false,
            account,
            "",
            "",
            parts.sas()),
        parts.path());
  }

  private BlobUrl pathStyle(Parts parts) throws AzcpException {
    int slash = parts.path().indexOf('/');
    String first = slash < 0 ? parts.path() : parts.path().substring(0, slash);
    if (first.isEmpty()) {
      throw fault("the account is missing from its path, as in http://HOST/ACCOUNT/CONTAINER");
    }
    if (first.endsWith(SECONDARY)) {
      throw fault("a secondary can only be named by its host, as ACCOUNT-secondary.blob.SUFFIX");
    }
    String rest = slash < 0 ? "" : parts.path().substring(slash + 1);
    return below(
        new BlobUrl(
            parts.scheme(), parts.host(), parts.port(), true, account(first), "", "", parts.sas()),
        rest);
  }

  private String account(String label) throws AzcpException {
    String account =
        label.endsWith(SECONDARY) ? label.substring(0, label.length() - SECONDARY.length()) : label;
    if (!ACCOUNT.matcher(account).matches()) {
      throw fault("'" + label + "' is not the name of an account");
    }
    return account;
  }

  private BlobUrl below(BlobUrl account, String path) throws AzcpException {
    int slash = path.indexOf('/');
    String container = decoded(slash < 0 ? path : path.substring(0, slash));
    String name = slash < 0 ? "" : decoded(path.substring(slash + 1));
    if (container.isEmpty() && !name.isEmpty()) {
      throw fault("the container is missing");
    }
    if (container.indexOf('/') >= 0) {
      throw fault("its container's name holds a slash");
    }
    return account.at(container, name);
  }

  private String decoded(String part) throws AzcpException {
    try {
      return NameEncoding.decode(part);
    } catch (IllegalArgumentException e) {
      throw new AzcpException(
          Errno.EINVAL,
          "the URL '" + shown + "' is not valid: " + e.getMessage() + " (a % is written %25)",
          e);
    }
  }

  private String sas(String query) throws AzcpException {
    if (query.isEmpty()) {
      return "";
    }
    for (String parameter : query.split("&", -1)) {
      if (parameter.startsWith("sig=")) {
        return query;
      }
    }
    throw fault(
        "what follows its question mark is not a shared access signature (a ? in a name is"
            + " written %3F)");
  }

  private AzcpException fault(String why) {
    return new AzcpException(Errno.EINVAL, "the URL '" + shown + "' is not valid: " + why);
  }
}
