package io.azcp.cluster;

import io.azcp.config.StorageAccount;
import io.azcp.transfer.blob.BlobServices;
import io.azcp.transfer.blob.ClientOptions;
import io.azcp.transfer.blob.CredentialHandover;
import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.limit.RequestLimits;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Some files and directories below the prefix of a rule, in the account of its file. */
public final class AccountStorage implements ClusterStorage {
  private final StorageAccount account;
  private final String base;
  private final List<String> roots;
  private final Map<String, String> environment;
  private final ClientOptions options;

  /**
   * Places of one rule; nothing is asked yet.
   *
   * @param base what every name starts with: empty, or a prefix that ends in a slash
   * @param roots blobs or directories below it, none below another
   */
  public AccountStorage(
      StorageAccount account,
      String base,
      List<String> roots,
      Map<String, String> environment,
      ClientOptions options) {
    this.account = account;
    this.base = base;
    this.roots = List.copyOf(roots);
    this.environment = environment;
    this.options = options;
  }

  @Override
  public String container() {
    return account.containerName();
  }

  @Override
  public String name() {
    return base;
  }

  @Override
  public List<String> roots() {
    return roots;
  }

  @Override
  public Optional<String> base() {
    return Optional.of(base);
  }

  @Override
  public CredentialHandover find() throws IOException {
    return CredentialHandover.find(account, environment, options);
  }

  @Override
  public OpenedService open(CredentialHandover credential, RequestLimits limits)
      throws IOException {
    return credential.open(
        BlobServices.place(account), environment, options.withBulk(true).withLimits(limits));
  }
}
