package io.azcp.transfer.identity;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * The identity of this machine, asked for at an address that only the machine can reach: the
 * Instance Metadata Service of virtual machines and Kubernetes nodes ("How to use managed
 * identities on an Azure VM to acquire an access token"), or the endpoint of App Service, Functions
 * and Container Apps ("REST endpoint reference").
 */
final class ManagedIdentity implements TokenSource {
  /** Where IMDS is on every Azure machine. */
  static final String IMDS = "http://169.254.169.254";

  private static final String IMDS_QUERY = "/metadata/identity/oauth2/token?api-version=2018-02-01";
  private static final String APP_SERVICE_QUERY = "?api-version=2019-08-01";
  private static final String NAME = "managed identity";

  /**
   * Which of the machine's identities is meant, by at most one of its names.
   *
   * @param clientId or empty
   * @param resourceId Azure's path of a user-assigned identity, or empty
   * @param objectId or empty
   */
  record Which(String clientId, String resourceId, String objectId) {
    private String query(boolean imds) {
      if (!clientId.isEmpty()) {
        return "&client_id=" + encoded(clientId);
      }
      if (!resourceId.isEmpty()) {
        return (imds ? "&msi_res_id=" : "&mi_res_id=") + encoded(resourceId);
      }
      return objectId.isEmpty()
          ? ""
          : (imds ? "&object_id=" : "&principal_id=") + encoded(objectId);
    }
  }

  private final TokenRequest requests;
  private final TokenHttp.Request request;
  private final String host;

  private ManagedIdentity(TokenRequest requests, TokenHttp.Request request) {
    this.requests = requests;
    this.request = request;
    this.host = request.url().getHost();
  }

  /**
   * IMDS.
   *
   * @param origin {@link #IMDS}, or what stands in for it
   * @param limit how long it may take to answer; where there is none, nothing ever does
   */
  static ManagedIdentity imds(TokenRequest requests, String origin, Which which, Duration limit)
      throws AzcpException {
    return new ManagedIdentity(
        requests,
        new TokenHttp.Request(
            "GET",
            url(origin.replaceAll("/+$", "") + IMDS_QUERY + resource() + which.query(true)),
            Map.of("Metadata", "true"),
            "",
            limit,
            true));
  }

  /**
   * The endpoint that App Service and its kin tell their programs of.
   *
   * @param endpoint {@code IDENTITY_ENDPOINT}
   * @param secret {@code IDENTITY_HEADER}
   */
  static ManagedIdentity appService(
      TokenRequest requests, String endpoint, String secret, Which which, Duration limit)
      throws AzcpException {
    return new ManagedIdentity(
        requests,
        new TokenHttp.Request(
            "GET",
            url(endpoint + APP_SERVICE_QUERY + resource() + which.query(false)),
            Map.of("X-IDENTITY-HEADER", secret),
            "",
            limit,
            true));
  }

  private static URI url(String text) throws AzcpException {
    try {
      URI url = new URI(text);
      if (url.getHost() != null && ("http".equals(url.getScheme()) || isSecure(url))) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Said below, for both.
    }
    throw new AzcpException(
        Errno.EINVAL,
        "the address of the managed identity is no http URL; check IDENTITY_ENDPOINT and"
            + " AZURE_POD_IDENTITY_AUTHORITY_HOST");
  }

  private static boolean isSecure(URI url) {
    return "https".equals(url.getScheme());
  }

  private static String resource() {
    return "&resource=" + encoded(Identities.RESOURCE);
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public AccessToken fetch() throws IOException {
    TokenHttp.Answer answer;
    try {
      answer = requests.send(request);
    } catch (IOException e) {
      throw IdentityException.absent(NAME + ": " + e.getMessage(), e);
    }
    if (answer.status() == 200) {
      return requests.token(answer, NAME);
    }
    String reason = TokenRequest.reason(answer);
    if (answer.status() == 400 && reason.toLowerCase(Locale.ROOT).contains("multiple")) {
      throw IdentityException.refused(
          NAME
              + ": this machine has several identities; set AZURE_CLIENT_ID to the client id of the"
              + " one to use, or AZURE_MSI_RESOURCE_ID to its resource id");
    }
    throw IdentityException.absent(NAME + ": " + host + " answered " + reason);
  }
}
