package io.azcp.prefetch;

import java.io.IOException;

/** Watches a preparation. Called on the thread that runs it, a few times a second. */
@FunctionalInterface
public interface PrepareListener {
  /** Watches nothing. */
  PrepareListener NONE = (files, bytes, filesKnown, bytesKnown) -> {};

  /**
   * How far it is. An exception thrown here stops the preparation; what was fetched stays.
   *
   * @param files files fetched
   * @param bytes bytes fetched
   * @param filesKnown files found missing so far, the fetched ones included
   * @param bytesKnown their bytes
   */
  void progress(long files, long bytes, long filesKnown, long bytesKnown) throws IOException;
}
