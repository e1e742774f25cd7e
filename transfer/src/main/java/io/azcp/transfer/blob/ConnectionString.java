package io.azcp.transfer.blob;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.util.Map;
import java.util.TreeMap;

/**
 * A connection string as the portal shows it ("Configure Azure Storage connection strings"): {@code
 * Key=Value} separated by semicolons, keys in any case. Never printed.
 */
final class ConnectionString {
  private static final String VARIABLE = "AZURE_STORAGE_CONNECTION_STRING";

  private final Map<String, String> parts = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /**
   * Reads one.
   *
   * @throws AzcpException {@code EINVAL}; the message shows no value
   */
  static ConnectionString parse(String text) throws AzcpException {
    ConnectionString made = new ConnectionString();
    for (String part : text.split(";", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        made.parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
      } else if (!part.isBlank()) {
        throw new AzcpException(
            Errno.EINVAL, VARIABLE + " is not a connection string: a part of it has no '='");
      }
    }
    if (made.part("UseDevelopmentStorage").equalsIgnoreCase("true")) {
      throw new AzcpException(
          Errno.EINVAL,
          VARIABLE + " says UseDevelopmentStorage; name the emulator's BlobEndpoint instead");
    }
    if (made.account().isEmpty() && made.part("BlobEndpoint").isEmpty()) {
      throw new AzcpException(
          Errno.EINVAL, VARIABLE + " names neither AccountName nor BlobEndpoint");
    }
    return made;
  }

  private String part(String key) {
    return parts.getOrDefault(key, "");
  }

  /** The account, or "" where only an endpoint is named. */
  String account() {
    return part("AccountName");
  }

  /** The account's key, or "". */
  String key() {
    return part("AccountKey");
  }

  /** The shared access signature, or "". */
  String sas() {
    return part("SharedAccessSignature");
  }

  /** The URL of the blob service. */
  String endpoint() {
    String endpoint = part("BlobEndpoint");
    if (!endpoint.isEmpty()) {
      return endpoint;
    }
    String protocol = parts.getOrDefault("DefaultEndpointsProtocol", "https");
    String suffix = parts.getOrDefault("EndpointSuffix", "core.windows.net");
    return protocol + "://" + account() + ".blob." + suffix;
  }
}
