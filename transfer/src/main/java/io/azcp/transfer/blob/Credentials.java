package io.azcp.transfer.blob;

import io.azcp.base.AzcpException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds who asks, in the documented order: a SAS given with the place; the environment's account
 * and key, for that account only; its SAS; its connection string; nobody.
 */
final class Credentials {
  static final String ACCOUNT = "AZURE_STORAGE_ACCOUNT";
  static final String KEY = "AZURE_STORAGE_KEY";
  static final String SAS = "AZURE_STORAGE_SAS_TOKEN";
  static final String CONNECTION_STRING = "AZURE_STORAGE_CONNECTION_STRING";
  static final String FEDERATED_TOKEN_FILE = "AZURE_FEDERATED_TOKEN_FILE";

  /**
   * A credential, and what the user should be told about how it was found.
   *
   * @param notes whole sentences, usually none
   */
  record Found(Credential credential, List<String> notes) {}

  private Credentials() {}

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
   * What the environment offers for a place.
   *
   * @param identityAsked whether the user asked for an Azure identity by configuration
   */
  static Found fromEnvironment(
      BlobUrl place, Map<String, String> environment, boolean identityAsked) throws AzcpException {
    String key = value(environment, KEY);
    if (!key.isEmpty() && value(environment, ACCOUNT).equals(place.account())) {
      return found(Credential.SharedKey.of(place.account(), key, KEY));
    }
    String sas = value(environment, SAS);
    if (!sas.isEmpty()) {
      return found(sas(sas, SAS));
    }
    Optional<Credential> connection = fromConnectionString(place, environment);
    if (connection.isPresent()) {
      return found(connection.get());
    }
    List<String> notes = new ArrayList<>();
    if (identityAsked || !value(environment, FEDERATED_TOKEN_FILE).isEmpty()) {
      notes.add(
          "workload identity, managed identity and the az CLI's login are not supported yet; give"
              + " an account key or a SAS");
    }
    if (!key.isEmpty()) {
      notes.add(
          KEY
              + " is not used: "
              + ACCOUNT
              + (value(environment, ACCOUNT).isEmpty()
                  ? " is not set"
                  : " names '" + value(environment, ACCOUNT) + "'")
              + ", the account asked for is '"
              + place.account()
              + "'");
    }
    notes.add(
        "no credential found for account "
            + place.account()
            + "; asking as nobody in particular (anonymous)");
    return new Found(new Credential.Anonymous(), List.copyOf(notes));
  }

  private static Optional<Credential> fromConnectionString(
      BlobUrl place, Map<String, String> environment) throws AzcpException {
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

  static Found found(Credential credential) {
    return new Found(credential, List.of());
  }

  /** A variable; empty counts as not set. */
  static String value(Map<String, String> environment, String name) {
    return environment.getOrDefault(name, "").strip();
  }
}
