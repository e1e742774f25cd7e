package io.azcp.prefetch;

import io.azcp.cache.BlobVersion;

/**
 * A file to be filled.
 *
 * @param name relative to the rule
 * @param version the version to fetch
 * @param rank the place of the name it came from among all names
 */
record Wanted(String name, BlobVersion version, long rank) {
  /** One whose rank does not matter yet. */
  Wanted(String name, BlobVersion version) {
    this(name, version, 0);
  }

  Wanted ranked(long newRank) {
    return new Wanted(name, version, newRank);
  }

  long length() {
    return version.length();
  }
}
