package io.azcp.transfer.blob;

import java.io.IOException;

/** Takes the items of a listing one by one, in the service's order. */
public interface ListVisitor {
  /** A blob. The name is the full one, prefix included. */
  void blob(String name, BlobProperties properties) throws IOException;

  /** A common prefix of a hierarchical listing; ends in {@code /}. */
  default void prefix(String name) throws IOException {}
}
