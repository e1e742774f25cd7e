package io.azcp.cache;

import org.junit.jupiter.api.Nested;

/** The contracts with marks as extended attributes. */
class XattrMarksCacheTest {
  private static CacheOptions optionsOf(String folder) {
    return CacheOptions.of(folder, "test");
  }

  @Nested
  class Reads extends ReadContract {
    @Override
    CacheOptions options(String folder) {
      return optionsOf(folder);
    }
  }

  @Nested
  class Versions extends VersionContract {
    @Override
    CacheOptions options(String folder) {
      return optionsOf(folder);
    }
  }

  @Nested
  class Evictions extends EvictionContract {
    @Override
    CacheOptions options(String folder) {
      return optionsOf(folder);
    }
  }

  @Nested
  class Trusts extends TrustContract {
    @Override
    CacheOptions options(String folder) {
      return optionsOf(folder);
    }
  }
}
