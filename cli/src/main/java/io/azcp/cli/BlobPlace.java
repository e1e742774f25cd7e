package io.azcp.cli;

import io.azcp.fs.mount.MappedPlace;
import io.azcp.transfer.blob.OpenedService;

/**
 * A place in the service that a command is about. Closed by the command.
 *
 * @param opened the service of its account
 * @param container container name
 * @param name blob or, perhaps with a slash at its end, directory; empty for the container
 * @param mapped the path's place where it was named by one; null where a URL named it
 */
record BlobPlace(OpenedService opened, String container, String name, MappedPlace mapped)
    implements AutoCloseable {
  /** What it is called in sentences. */
  String shown() {
    return name.isEmpty() ? container : container + "/" + name;
  }

  @Override
  public void close() {
    opened.close();
  }
}
