package io.azcp.cache;

/** The contract with marks as extended attributes. */
class XattrMarksCacheTest extends CacheContract {
  @Override
  CacheOptions options(String folder) {
    return CacheOptions.of(folder, "test");
  }
}
