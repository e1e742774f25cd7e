package io.azcp.transfer.blob;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.config.StorageAccount;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Opens services: finds endpoint and credential, and wraps the client in retries. The environment
 * is given, never read. Opening asks nothing of the service; where no key and no SAS is there, it
 * asks for the identity of this machine, which takes some seconds at most.
 */
public final class BlobServices {
  private static final String ENDPOINT = "AZURE_STORAGE_ENDPOINT";
  private static final String API_VERSION = "AZCOPY_DEFAULT_SERVICE_API_VERSION";

  private BlobServices() {}

  /**
   * The service of an account file. Its SAS wins over its key; without both, and where it asks for
   * the credentials of the machine, the environment and the machine's identities are asked.
   *
   * @throws AzcpException {@code EINVAL} naming the file where it cannot be used; {@code EACCES}
   *     where an identity is refused
   */
  public static OpenedService open(
      StorageAccount account, Map<String, String> environment, ClientOptions options)
      throws IOException {
    BlobUrl place = place(account);
    Credentials.Found found = credential(account, environment, options);
    return openAs(place, found.credential(), environment, options, found.notes());
  }

  /** The credential of an account file. */
  static Credentials.Found credential(
      StorageAccount account, Map<String, String> environment, ClientOptions options)
      throws IOException {
    BlobUrl place = place(account);
    if (account.sasToken() != null && !account.sasToken().isBlank()) {
      return Credentials.found(Credentials.sas(account.sasToken(), account.file()));
    }
    if (account.accountKey() != null && !account.accountKey().isBlank()) {
      return Credentials.found(
          Credential.SharedKey.of(place.account(), account.accountKey(), account.file()));
    }
    return new Credentials(place, environment, completed(options, place, environment))
        .find(account.defaultCredential());
  }

  /** Where an account file's account is; container and name are empty. */
  public static BlobUrl place(StorageAccount account) throws AzcpException {
    String endpoint = account.endpoint();
    if (endpoint == null || endpoint.isBlank()) {
      return BlobUrl.parse("az://" + account.accountName(), null);
    }
    try {
      return BlobUrl.parse("az://" + account.accountName(), endpoint);
    } catch (AzcpException e) {
      throw new AzcpException(
          Errno.EINVAL, account.file() + ": the endpoint cannot be used: " + e.getMessage(), e);
    }
  }

  /**
   * The service of a place as {@link #parse} gave it: its own SAS, else what the environment
   * offers, else the machine's identity.
   *
   * @throws AzcpException {@code EACCES} where an identity is refused
   */
  public static OpenedService open(
      BlobUrl place, Map<String, String> environment, ClientOptions options) throws IOException {
    Credentials.Found found = credential(place, environment, options);
    return openAs(place, found.credential(), environment, options, found.notes());
  }

  /** The credential of a place. */
  static Credentials.Found credential(
      BlobUrl place, Map<String, String> environment, ClientOptions options) throws IOException {
    return place.sas().isEmpty()
        ? new Credentials(place, environment, completed(options, place, environment)).find(false)
        : Credentials.found(Credentials.sas(place.sas(), "the URL's SAS"));
  }

  /** The service of a place by a credential at hand. */
  static OpenedService openAs(
      BlobUrl place,
      Credential credential,
      Map<String, String> environment,
      ClientOptions options,
      List<String> notes)
      throws IOException {
    return open(place, credential, completed(options, place, environment), notes);
  }

  /**
   * Reads a location with the endpoint that holds: the one given, else {@code
   * AZURE_STORAGE_ENDPOINT}, else the connection string's where it is for the account named.
   *
   * @param endpoint the command line's, or null
   */
  public static BlobUrl parse(String text, String endpoint, Map<String, String> environment)
      throws AzcpException {
    if (endpoint != null && !endpoint.isBlank()) {
      return BlobUrl.parse(text, endpoint);
    }
    String variable = Credentials.value(environment, ENDPOINT);
    if (!variable.isEmpty()) {
      return BlobUrl.parse(text, variable);
    }
    String connection = Credentials.value(environment, Credentials.CONNECTION_STRING);
    if (!connection.isEmpty()) {
      ConnectionString parsed = ConnectionString.parse(connection);
      BlobUrl plain = text.startsWith("az://") ? BlobUrl.parse(text, null) : null;
      if (plain == null || plain.account().equals(parsed.account())) {
        return BlobUrl.parse(text, parsed.endpoint());
      }
    }
    return BlobUrl.parse(text, null);
  }

  /** The options with what the environment says of them. */
  private static ClientOptions completed(
      ClientOptions options, BlobUrl place, Map<String, String> environment) throws AzcpException {
    ClientOptions actual = options.withProxy(HttpProxy.of(environment, place));
    String version = Credentials.value(environment, API_VERSION);
    if (!version.isEmpty()) {
      actual = actual.withApiVersion(version);
    }
    String caFile = Credentials.value(environment, "SSL_CERT_FILE");
    return actual.caFile() == null && !caFile.isEmpty() ? actual.withCaFile(caFile) : actual;
  }

  static OpenedService open(
      BlobUrl place, Credential credential, ClientOptions options, List<String> notes)
      throws IOException {
    HttpBlobService http = new HttpBlobService(place, credential, options);
    RetryingBlobService retrying = new RetryingBlobService(http, options);
    return new OpenedService(retrying, retrying.counters(), credential.source(), notes);
  }
}
