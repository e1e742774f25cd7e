package io.azcp.cluster;

import io.azcp.transfer.blob.CredentialHandover;
import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.limit.RequestLimits;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Where the files come from. Nothing is asked before something is needed. */
public interface ClusterStorage {
  /** The container; empty where the source is no place in the service. */
  String container();

  /** The blob, or the directory with or without a slash at its end; empty for the container. */
  String name();

  /** The blobs or directories to list, none below another. */
  default List<String> roots() {
    return List.of(name());
  }

  /** What file names leave out of the blobs'; empty where the source itself tells. */
  default Optional<String> base() {
    return Optional.empty();
  }

  /** Finds the credential; called by rank 0 alone. */
  CredentialHandover find() throws IOException;

  /** Opens the service with a credential that was found or handed over. */
  OpenedService open(CredentialHandover credential, RequestLimits limits) throws IOException;
}
