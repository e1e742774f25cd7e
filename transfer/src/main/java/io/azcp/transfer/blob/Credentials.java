package io.azcp.transfer.blob;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.identity.Cloud;
import io.azcp.transfer.identity.Identities;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds who asks for a place that brings no credential of its own, in the documented order: the
 * identity that the environment names; its account and key, for that account only; its SAS; its
 * connection string; the identities of this machine; nobody.
 */
final class Credentials {
  static final String ACCOUNT = "AZURE_STORAGE_ACCOUNT";
  static final String KEY = "AZURE_STORAGE_KEY";
  static final String SAS = "AZURE_STORAGE_SAS_TOKEN";
  static final String CONNECTION_STRING = "AZURE_STORAGE_CONNECTION_STRING";

  /** The identities of each environment that was asked; few in a process. */
  private static final Map<Surroundings, Identities> KNOWN = new ConcurrentHashMap<>();

  private record Surroundings(Map<String, String> environment, Cloud cloud, String caFile) {}

  /**
   * A credential, and what the user should be told about how it was found.
   *
   * @param notes whole sentences, usually none
   */
  record Found(Credential credential, List<String> notes) {}

  private final BlobUrl place;
  private final Map<String, String> environment;
  private final ClientOptions options;

  Credentials(BlobUrl place, Map<String, String> environment, ClientOptions options) {
    this.place = place;
    this.environment = environment;
    this.options = options;
  }

  /**
   * A SAS without what people paste around it.
   *
   * @param token with or without {@code ?}
   */
  static Credential.Sas sas(String token, String source) {
    String query = token.strip();
    return new Credential.Sas(query.startsWith("?") ? query.substring(1) : query, source);
  }

  /**
   * The first that there is.
   *
   * @param identityAsked whether the user asked for an identity of this machine by configuration
   * @throws io.azcp.transfer.identity.IdentityException where an identity was asked for, or is
   *     there, and cannot be used
   */
  Found find(boolean identityAsked) throws IOException {
    if (Identities.isNamed(environment)) {
      return identity();
    }
    String key = value(environment, KEY);
    if (!key.isEmpty() && value(environment, ACCOUNT).equals(place.account())) {
      return found(Credential.SharedKey.of(place.account(), key, KEY));
    }
    String sas = value(environment, SAS);
    if (!sas.isEmpty()) {
      return found(sas(sas, SAS));
    }
    Optional<Credential> connection = fromConnectionString();
    if (connection.isPresent()) {
      return found(connection.get());
    }
    if (identityAsked || (place.secure() && Cloud.of(place.host()).isPresent())) {
      return identity();
    }
    return nobody(
        place.secure()
            ? List.of("identities are asked for Azure's own hosts, else by AZCOPY_AUTO_LOGIN_TYPE")
            : List.of());
  }

  private Optional<Credential> fromConnectionString() throws AzcpException {
    String text = value(environment, CONNECTION_STRING);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    ConnectionString connection = ConnectionString.parse(text);
    if (!connection.account().isEmpty() && !connection.account().equals(place.account())) {
      return Optional.empty();
    }
    if (!connection.sas().isEmpty()) {
      return Optional.of(sas(connection.sas(), CONNECTION_STRING));
    }
    return connection.key().isEmpty()
        ? Optional.empty()
        : Optional.of(
            Credential.SharedKey.of(place.account(), connection.key(), CONNECTION_STRING));
  }

  private Found identity() throws IOException {
    if (!place.secure() && !Hosts.isLoopback(place.host())) {
      throw new AzcpException(
          Errno.EINVAL, "a token is sent by https only, and " + place + " is http");
    }
    Surroundings surroundings =
        new Surroundings(
            environment, Cloud.of(place.host()).orElse(Cloud.PUBLIC), options.caFile());
    Identities identities =
        KNOWN.computeIfAbsent(
            surroundings,
            s -> new Identities(environment, s.cloud(), new IdentityHttp(environment, options)));
    Identities.Found found = identities.find(place.account());
    if (found instanceof Identities.Found.Token token) {
      return found(new Credential.Bearer(token.token()));
    }
    if (found instanceof Identities.Found.Key key) {
      return found(Credential.SharedKey.of(place.account(), key.key(), "az CLI's account key"));
    }
    return nobody(((Identities.Found.Nothing) found).reasons());
  }

  private Found nobody(List<String> reasons) {
    List<String> notes = new ArrayList<>();
    if (!value(environment, KEY).isEmpty()) {
      String named = value(environment, ACCOUNT);
      notes.add(
          KEY
              + " is not used: "
              + ACCOUNT
              + (named.isEmpty() ? " is not set" : " names '" + named + "'")
              + ", the account asked for is '"
              + place.account()
              + "'");
    }
    notes.add(
        "no credential found for account "
            + place.account()
            + (reasons.isEmpty() ? "" : " (" + String.join("; ", reasons) + ")")
            + "; asking as nobody in particular (anonymous)");
    return new Found(new Credential.Anonymous(), List.copyOf(notes));
  }

  static Found found(Credential credential) {
    return new Found(credential, List.of());
  }

  /** A variable; empty counts as not set. */
  static String value(Map<String, String> environment, String name) {
    return environment.getOrDefault(name, "").strip();
  }
}
