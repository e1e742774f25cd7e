package io.azcp.cluster;

import io.azcp.base.UsageException;
import io.azcp.transfer.blob.CredentialHandover;
import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.limit.RequestLimits;

/** A source that is no place in the service, of which nothing can be fetched. */
public final class NoStorage implements ClusterStorage {
  private final String given;

  /** What the user wrote in place of a URL. */
  public NoStorage(String given) {
    this.given = given;
  }

  @Override
  public String container() {
    return "";
  }

  @Override
  public String name() {
    return "";
  }

  @Override
  public CredentialHandover find() throws UsageException {
    throw refused();
  }

  @Override
  public OpenedService open(CredentialHandover credential, RequestLimits limits)
      throws UsageException {
    throw refused();
  }

  private UsageException refused() {
    return new UsageException(
        "files are to be fetched, and '" + given + "' is no URL of a container or blob");
  }
}
