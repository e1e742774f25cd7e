package io.azcp.transfer.identity;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * An application that proves itself to Entra ID by the OAuth 2.0 client credentials flow of the
 * Microsoft identity platform: with a secret (a service principal), or with the token that
 * Kubernetes wrote into a file (workload identity), which is read anew each time since Kubernetes
 * renews it.
 */
final class ClientCredentials implements TokenSource {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String ASSERTION_TYPE =
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  /** A federated token is some KiB. */
  private static final long LARGEST_FILE = 64 << 10;

  private final String name;
  private final TokenRequest requests;
  private final URI endpoint;
  private final String clientId;
  private final Proof proof;

  /** What proves the application: parameters of the request. */
  private interface Proof {
    Map<String, String> parameters() throws IOException;
  }

  private ClientCredentials(
      String name, TokenRequest requests, URI endpoint, String clientId, Proof proof) {
    this.name = name;
    this.requests = requests;
    this.endpoint = endpoint;
    this.clientId = clientId;
    this.proof = proof;
  }

  /**
   * A service principal.
   *
   * @param authority as {@code https://login.microsoftonline.com}
   */
  static ClientCredentials secret(
      TokenRequest requests, String authority, String tenant, String clientId, String secret)
      throws AzcpException {
    return new ClientCredentials(
        "service principal",
        requests,
        endpoint(authority, tenant),
        clientId,
        () -> Map.of("client_secret", secret));
  }

  /**
   * A workload identity.
   *
   * @param file where Kubernetes keeps the token
   */
  static ClientCredentials federated(
      TokenRequest requests, String authority, String tenant, String clientId, String file)
      throws AzcpException {
    return new ClientCredentials(
        "workload identity",
        requests,
        endpoint(authority, tenant),
        clientId,
        () -> Map.of("client_assertion_type", ASSERTION_TYPE, "client_assertion", assertion(file)));
  }

  private static URI endpoint(String authority, String tenant) throws AzcpException {
    if (!tenant.matches("[A-Za-z0-9.-]+")) {
      throw new AzcpException(Errno.EINVAL, "the tenant '" + tenant + "' is neither id nor domain");
    }
    String base = authority.contains("://") ? authority : "https://" + authority;
    try {
      URI uri = new URI(base.replaceAll("/+$", "") + "/" + tenant + "/oauth2/v2.0/token");
      String host = uri.getHost();
      if (host != null && ("https".equals(uri.getScheme()) || isLoopback(uri))) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw new AzcpException(
          Errno.EINVAL, "the authority '" + authority + "' is no URL: " + e.getReason(), e);
    }
    throw new AzcpException(
        Errno.EINVAL,
        "the authority '"
            + authority
            + "' cannot be used; it is an https URL, as "
            + Cloud.PUBLIC.authority());
  }

  private static boolean isLoopback(URI uri) {
    return "http".equals(uri.getScheme())
        && (uri.getHost().equals("localhost") || uri.getHost().startsWith("127."));
  }

  private static String assertion(String file) throws IOException {
    try {
      Path path = Path.of(file);
      if (Files.size(path) > LARGEST_FILE) {
        throw IdentityException.refused(
            "workload identity: " + file + " is too large to be a token");
      }
      String token = Files.readString(path).strip();
      if (token.isEmpty()) {
        throw IdentityException.refused("workload identity: " + file + " is empty");
      }
      return token;
    } catch (NoSuchFileException | InvalidPathException e) {
      throw IdentityException.refused(
          "workload identity: there is no file " + file + " (AZURE_FEDERATED_TOKEN_FILE)", e);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public AccessToken fetch() throws IOException {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "client_credentials");
    form.put("client_id", clientId);
    form.put("scope", Identities.RESOURCE + ".default");
    TokenHttp.Answer answer;
    try {
      form.putAll(proof.parameters());
      answer =
          requests.send(
              new TokenHttp.Request("POST", endpoint, Map.of(), encoded(form), LIMIT, false));
    } catch (IdentityException e) {
      throw e;
    } catch (IOException e) {
      throw IdentityException.refused(name + ": " + e.getMessage(), e);
    }
    if (answer.status() != 200) {
      throw IdentityException.refused(
          name
              + ": "
              + endpoint.getHost()
              + " gave no token for client "
              + clientId
              + ": "
              + TokenRequest.reason(answer));
    }
    return requests.token(answer, name);
  }

  private static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }
}
