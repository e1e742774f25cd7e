package io.azcp.cache;

/** The contract where the file system has no extended attributes. */
class FolderMarksCacheTest extends CacheContract {
  @Override
  CacheOptions options(String folder) {
    return CacheOptions.of(folder, "test").withForcedMarksFolder(true);
  }
}
