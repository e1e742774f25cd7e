package io.azcp.transfer.identity;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Finds the identity to ask as, in this order: the one that {@code AZCOPY_AUTO_LOGIN_TYPE} names
 * and no other; workload identity, where its variables are set; managed identity; the {@code az}
 * CLI's login. What was found, or that nothing was, is remembered, so that many services of one
 * process ask once. Thread-safe; who comes while somebody asks waits for the answer.
 */
public final class Identities {
  /** What tokens are for; the same in every cloud. */
  static final String RESOURCE = "https://storage.azure.com/";

  /** Names the one identity to use. */
  public static final String LOGIN_TYPE = "AZCOPY_AUTO_LOGIN_TYPE";

  /** A machine has an identity service that answers at once, or none. */
  private static final Duration PROBE_LIMIT = Duration.ofSeconds(3);

  private static final Duration CLI_LIMIT = Duration.ofSeconds(30);

  private final Map<String, String> environment;
  private final Cloud cloud;
  private final TokenRequest requests;
  private final Duration probeLimit;
  private final Path vendor;
  private final Map<String, Found> keys = new HashMap<>();
  private final List<String> reasons = new ArrayList<>();
  private SharedToken token;
  private boolean asked;

  /** What was found for an account. */
  public sealed interface Found {
    /** An identity, whose token goes along with every request. */
    record Token(SharedToken token) implements Found {}

    /**
     * No token, but a key of the account.
     *
     * @param key Base64
     */
    record Key(String key) implements Found {
      @Override
      public String toString() {
        return "Key";
      }
    }

    /**
     * Nothing.
     *
     * @param reasons why each identity cannot be used
     */
    record Nothing(List<String> reasons) implements Found {}
  }

  /** The identities of this machine. */
  public Identities(Map<String, String> environment, Cloud cloud, TokenHttp http) {
    this(
        environment,
        cloud,
        new TokenRequest(http, Identities::sleep, System::currentTimeMillis),
        PROBE_LIMIT,
        Path.of("/sys/class/dmi/id/sys_vendor"));
  }

  /**
   * For tests.
   *
   * @param vendor the file where Linux tells who made this machine
   */
  Identities(
      Map<String, String> environment,
      Cloud cloud,
      TokenRequest requests,
      Duration probeLimit,
      Path vendor) {
    this.environment = environment;
    this.cloud = cloud;
    this.requests = requests;
    this.probeLimit = probeLimit;
    this.vendor = vendor;
  }

  /** Whether the environment names the identity to use. */
  public static boolean isNamed(Map<String, String> environment) {
    return !environment.getOrDefault(LOGIN_TYPE, "").isBlank();
  }

  /**
   * The identity for an account.
   *
   * @throws IdentityException where an identity that was asked for by name or by its variables, or
   *     that this machine has, cannot be used
   */
  public synchronized Found find(String account) throws IOException {
    if (!asked) {
      token = isNamed(environment) ? named() : first();
      asked = true;
    }
    if (token != null) {
      return new Found.Token(token);
    }
    Found key = keys.get(account);
    if (key == null) {
      key = key(account);
      keys.put(account, key);
    }
    return key;
  }

  private SharedToken named() throws IOException {
    String type = variable(LOGIN_TYPE).toUpperCase(Locale.ROOT);
    TokenSource source =
        switch (type) {
          case "AZCLI" -> cli();
          case "MSI" -> managed();
          case "WORKLOAD" -> workload();
          case "SPN" -> principal();
          default ->
              throw new AzcpException(
                  Errno.EINVAL,
                  LOGIN_TYPE + " is '" + type + "'; it may be AZCLI, MSI, WORKLOAD or SPN");
        };
    try {
      return shared(source);
    } catch (IdentityException e) {
      throw IdentityException.refused(e.getMessage() + " (" + LOGIN_TYPE + "=" + type + ")", e);
    }
  }

  private SharedToken first() throws IOException {
    if (!variable("AZURE_FEDERATED_TOKEN_FILE").isEmpty()) {
      return shared(workload());
    }
    if (hasIdentityService()) {
      try {
        return shared(managed());
      } catch (IdentityException e) {
        noteOrThrow(e);
      }
    }
    try {
      return shared(cli());
    } catch (IdentityException e) {
      noteOrThrow(e);
    }
    return null;
  }

  private void noteOrThrow(IdentityException e) throws IdentityException {
    if (!e.absent()) {
      throw e;
    }
    reasons.add(e.getMessage());
  }

  private Found key(String account) throws IOException {
    try {
      return new Found.Key(cli().accountKey(account));
    } catch (IdentityException e) {
      // The reason is the one for which there was no token: no command, or no login.
      return new Found.Nothing(List.copyOf(reasons));
    }
  }

  private static SharedToken shared(TokenSource source) throws IOException {
    return new SharedToken(source, source.fetch(), Identities::inBackground, System::nanoTime);
  }

  private static void inBackground(Runnable renewal) {
    Thread thread = new Thread(renewal, "azcp-token");
    thread.setDaemon(true);
    thread.start();
  }

  private AzureCli cli() {
    return new AzureCli(environment, CLI_LIMIT, System::currentTimeMillis);
  }

  private TokenSource workload() throws AzcpException {
    return ClientCredentials.federated(
        requests,
        authority("AZURE_AUTHORITY_HOST"),
        needed("workload identity", "AZURE_TENANT_ID"),
        needed("workload identity", "AZURE_CLIENT_ID"),
        needed("workload identity", "AZURE_FEDERATED_TOKEN_FILE"));
  }

  private TokenSource principal() throws AzcpException {
    String name = "service principal";
    if (variable("AZCOPY_SPA_CLIENT_SECRET").isEmpty()
        && !variable("AZCOPY_SPA_CERT_PATH").isEmpty()) {
      throw IdentityException.refused(
          name
              + ": certificates (AZCOPY_SPA_CERT_PATH) are not supported; set"
              + " AZCOPY_SPA_CLIENT_SECRET");
    }
    return ClientCredentials.secret(
        requests,
        authority("AZCOPY_ACTIVE_DIRECTORY_ENDPOINT"),
        needed(name, "AZCOPY_TENANT_ID", "AZURE_TENANT_ID"),
        needed(name, "AZCOPY_SPA_APPLICATION_ID"),
        needed(name, "AZCOPY_SPA_CLIENT_SECRET"));
  }

  private TokenSource managed() throws AzcpException {
    var which =
        new ManagedIdentity.Which(
            variable("AZCOPY_MSI_CLIENT_ID", "AZURE_CLIENT_ID"),
            variable("AZCOPY_MSI_RESOURCE_STRING", "AZURE_MSI_RESOURCE_ID"),
            variable("AZCOPY_MSI_OBJECT_ID"));
    String endpoint = variable("IDENTITY_ENDPOINT");
    String secret = variable("IDENTITY_HEADER");
    if (!endpoint.isEmpty() && !secret.isEmpty()) {
      return ManagedIdentity.appService(requests, endpoint, secret, which, probeLimit);
    }
    String origin = variable("AZURE_POD_IDENTITY_AUTHORITY_HOST");
    return ManagedIdentity.imds(
        requests, origin.isEmpty() ? ManagedIdentity.IMDS : origin, which, probeLimit);
  }

  /**
   * Whether there may be an identity service. A machine that another vendor made is not in Azure,
   * where all of them, physical or virtual, are Microsoft's; asking there would take the whole
   * limit. Where the vendor cannot be told, as in many containers, it is asked.
   */
  private boolean hasIdentityService() throws IOException {
    boolean told = !variable("IDENTITY_ENDPOINT", "AZURE_POD_IDENTITY_AUTHORITY_HOST").isEmpty();
    if (told || !Files.isReadable(vendor)) {
      return true;
    }
    if (Files.readString(vendor).contains("Microsoft")) {
      return true;
    }
    reasons.add("managed identity: this machine is not in Azure");
    return false;
  }

  private String authority(String own) {
    String given = variable(own, "AZURE_AUTHORITY_HOST");
    return given.isEmpty() ? cloud.authority() : given;
  }

  /** The first variable of these that is set, or "". */
  private String variable(String... names) {
    for (String name : names) {
      String value = environment.getOrDefault(name, "").strip();
      if (!value.isEmpty()) {
        return value;
      }
    }
    return "";
  }

  private String needed(String identity, String... names) throws IdentityException {
    String value = variable(names);
    if (value.isEmpty()) {
      throw IdentityException.refused(identity + ": " + names[0] + " is not set");
    }
    return value;
  }

  private static void sleep(Duration pause) throws IOException {
    try {
      TimeUnit.NANOSECONDS.sleep(pause.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AzcpException(Errno.EINTR, "interrupted while waiting for a token", e);
    }
  }
}
