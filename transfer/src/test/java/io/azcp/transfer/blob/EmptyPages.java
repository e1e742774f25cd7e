package io.azcp.transfer.blob;

import java.io.IOException;

/**
 * Another service that lists in pages of three, each after one that is empty and carries a marker,
 * as the service may at any time.
 */
public final class EmptyPages extends ForwardingBlobService {
  private static final String EMPTY = "empty!";

  /** Lists what another does. */
  public EmptyPages(BlobService service) {
    super(service);
  }

  @Override
  public String list(String container, ListQuery query, ListVisitor visitor) throws IOException {
    if (!query.marker().startsWith(EMPTY)) {
      return EMPTY + query.marker();
    }
    String marker = query.marker().substring(EMPTY.length());
    var three = new ListQuery(query.prefix(), query.hierarchical(), marker, 3, query.metadata());
    return super.list(container, three, visitor);
  }
}
