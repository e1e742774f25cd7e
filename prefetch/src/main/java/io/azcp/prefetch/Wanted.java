package io.azcp.prefetch;

import io.azcp.cache.BlobVersion;

/**
 * A file to be filled.
 *
 * @param name relative to the rule
 * @param version the version to fetch
 */
record Wanted(String name, BlobVersion version) {}
