package io.azcp.config;

import java.util.Objects;

/**
 * An account file. Printing one never shows its secrets.
 *
 * @param name the base name of the file, as rules refer to it
 * @param file the file it was read from
 * @param accountName the storage account
 * @param accountKey Base64 shared key, or null
 * @param sasToken shared access signature without {@code ?}, or null; wins over the key
 * @param containerName the container
 * @param endpoint service URL as {@code http://127.0.0.1:10000/devstoreaccount1}, or null for the
 *     public cloud's
 * @param defaultCredential whether the file asks for the credential chain of the machine ({@code
 *     use_default_azure_cred}); it then has neither key nor SAS
 */
public record StorageAccount(
    String name,
    String file,
    String accountName,
    String accountKey,
    String sasToken,
    String containerName,
    String endpoint,
    boolean defaultCredential) {

  /** The same at another endpoint. */
  public StorageAccount withEndpoint(String url) {
    return new StorageAccount(
        name, file, accountName, accountKey, sasToken, containerName, url, defaultCredential);
  }

  /** Whether another file names the same account and the same credential. */
  public boolean isSameAccess(StorageAccount other) {
    return accountName.equals(other.accountName)
        && Objects.equals(accountKey, other.accountKey)
        && Objects.equals(sasToken, other.sasToken)
        && Objects.equals(endpoint, other.endpoint)
        && defaultCredential == other.defaultCredential;
  }

  @Override
  public String toString() {
    return "StorageAccount[" + name + ", account " + accountName + ", " + containerName + "]";
  }
}
