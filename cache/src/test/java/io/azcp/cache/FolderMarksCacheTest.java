package io.azcp.cache;

import org.junit.jupiter.api.Nested;

/** The contracts where the file system has no extended attributes. */
class FolderMarksCacheTest {
  private static CacheOptions optionsOf(String folder) {
    return CacheOptions.of(folder, "test").withForcedMarksFolder(true);
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
