package io.azcp.cluster;

import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.blob.ClientOptions;
import io.azcp.transfer.blob.CredentialHandover;
import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.limit.RequestLimits;
import java.io.IOException;
import java.util.Map;

/** A place in the service with the credential of its URL, the environment or the machine. */
public final class BlobStorage implements ClusterStorage {
  private final BlobUrl place;
  private final Map<String, String> environment;
  private final ClientOptions options;

  /** A place; nothing is asked yet. */
  public BlobStorage(BlobUrl place, Map<String, String> environment, ClientOptions options) {
    this.place = place;
    this.environment = environment;
    this.options = options;
  }

  @Override
  public String container() {
    return place.container();
  }

  @Override
  public String name() {
    return place.name();
  }

  @Override
  public CredentialHandover find() throws IOException {
    return CredentialHandover.find(place.at("", ""), environment, options);
  }

  @Override
  public OpenedService open(CredentialHandover credential, RequestLimits limits)
      throws IOException {
    return credential.open(
        place.at("", ""), environment, options.withBulk(true).withLimits(limits));
  }
}
