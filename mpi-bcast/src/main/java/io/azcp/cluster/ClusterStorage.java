package io.azcp.cluster;

import io.azcp.transfer.blob.CredentialHandover;
import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.limit.RequestLimits;
import java.io.IOException;

/** Where the files come from. Nothing is asked before something is needed. */
public interface ClusterStorage {
  /** The container; empty where the source is no place in the service. */
  String container();

  /** The blob, or the directory with or without a slash at its end; empty for the container. */
  String name();

  /** Finds the credential; called by rank 0 alone. */
  CredentialHandover find() throws IOException;

  /** Opens the service with a credential that was found or handed over. */
  OpenedService open(CredentialHandover credential, RequestLimits limits) throws IOException;
}
