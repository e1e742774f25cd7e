package io.azcp.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads one account file. */
final class AccountReader {
  private static final Pattern CONTAINER =
      Pattern.compile("\\$root|\\$web|\\$logs|(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*");

  private final String name;
  private final String path;
  private final YamlKeys<AccountKey> keys;
  private final List<String> notes;

  private AccountReader(String name, String path, List<String> notes) throws ConfigException {
    this.name = name;
    this.path = path;
    this.notes = notes;
    YamlFile file = YamlFile.read(path, path);
    if (file.root() == null) {
      throw new ConfigException(
          path, 0, "is empty, an account file has at least account_name and" + " container_name");
    }
    keys = new YamlKeys<>(file, file.root(), "an account file", AccountKey.class);
  }

  /**
   * Reads the account that rules call {@code name}.
   *
   * @param notes gets what a user should know about the file
   */
  static StorageAccount read(String name, String path, List<String> notes) throws ConfigException {
    return new AccountReader(name, path, notes).read();
  }

  private StorageAccount read() throws ConfigException {
    boolean chain = keys.flag(AccountKey.USE_DEFAULT_AZURE_CRED);
    Optional<String> sas =
        keys.text(AccountKey.SAS_TOKEN)
            .map(token -> token.startsWith("?") ? token.substring(1) : token)
            .filter(token -> !token.isEmpty());
    Optional<String> key = keys.text(AccountKey.ACCOUNT_KEY);
    if (chain && (sas.isPresent() || key.isPresent())) {
      notes.add(path + ": key and SAS are left aside because use_default_azure_cred is true");
    } else if (sas.isEmpty() && key.isPresent()) {
      checkBase64(key.get());
    }
    return new StorageAccount(
        name,
        path,
        keys.required(AccountKey.ACCOUNT_NAME),
        chain || sas.isPresent() ? null : key.orElse(null),
        chain ? null : sas.orElse(null),
        container(),
        endpoint().orElse(null),
        chain);
  }

  private void checkBase64(String key) throws ConfigException {
    try {
      Base64.getDecoder().decode(key);
    } catch (IllegalArgumentException e) {
      // The decoder's text would show characters of the secret.
      throw keys.error(
          AccountKey.ACCOUNT_KEY, "is no Base64 text; copy the key as the portal shows it");
    }
  }

  private String container() throws ConfigException {
    String container = keys.required(AccountKey.CONTAINER_NAME);
    if (!CONTAINER.matcher(container).matches()) {
      throw keys.error(
          AccountKey.CONTAINER_NAME,
          "'"
              + container
              + "' cannot be a container, a name has "
              + AccountKey.CONTAINER_NAME.allowed());
    }
    return container;
  }

  private Optional<String> endpoint() throws ConfigException {
    Optional<String> given = keys.text(AccountKey.ENDPOINT);
    if (given.isEmpty()) {
      return given;
    }
    String text = given.get();
    while (text.endsWith("/")) {
      text = text.substring(0, text.length() - 1);
    }
    if (!isEndpoint(text)) {
      throw keys.error(
          AccountKey.ENDPOINT,
          // The value is not shown: a signature may have been pasted with it.
          "is not allowed as written, write " + AccountKey.ENDPOINT.allowed());
    }
    return Optional.of(text);
  }

  private static boolean isEndpoint(String text) {
    try {
      URI uri = new URI(text);
      boolean http = "http".equalsIgnoreCase(uri.getScheme());
      boolean https = "https".equalsIgnoreCase(uri.getScheme());
      return (http || https)
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
