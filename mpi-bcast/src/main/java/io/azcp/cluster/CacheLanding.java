package io.azcp.cluster;

import io.azcp.base.posix.PosixException;
import io.azcp.cache.Admission;
import io.azcp.cache.BlobVersion;
import io.azcp.cache.CacheFolder;
import java.io.IOException;

/**
 * In a cache folder that a mount or other programs may use at the same time: what lies there whole,
 * of the version that was listed, is there, and what arrives is published as a preparation does.
 */
public final class CacheLanding implements Landing {
  /** Below the folder; the cache shows nothing that lies there. */
  private static final String STAGING = "/.azcp/jobs";

  private final CacheFolder cache;
  private Staging staging;
  private Admission admission;

  /** A landing in a folder, which stays the caller's. */
  public CacheLanding(CacheFolder cache) {
    this.cache = cache;
  }

  private static BlobVersion version(Entry entry) {
    return new BlobVersion(entry.etag(), entry.size(), entry.modified(), entry.md5());
  }

  @Override
  public void open() throws IOException {
    try {
      staging = Staging.in(cache.folder() + STAGING);
    } catch (PosixException e) {
      throw Staging.unusable(cache.folder(), e);
    }
  }

  /** By the mark of the file, whatever is asked for. */
  @Override
  public boolean isPresent(Entry entry, Compare how) throws IOException {
    return cache.isWhole(entry.name(), version(entry));
  }

  @Override
  public String place(Entry entry) {
    return cache.path(entry.name());
  }

  @Override
  public String temporary(int number) throws IOException {
    return staging.path(number);
  }

  @Override
  public void checkRoom(long bytes, long files) throws IOException {
    admission = cache.admit(bytes);
  }

  @Override
  public void publish(int number, Entry entry) throws IOException {
    admission.publish(staging.path(number), entry.name(), version(entry), "length");
  }

  @Override
  public void close() {
    if (staging != null) {
      staging.close();
    }
    if (admission != null) {
      admission.close();
    }
  }
}
