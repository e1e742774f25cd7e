package io.azcp.fs.mount;

import io.azcp.cache.BlobVersion;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import java.io.IOException;

/**
 * The files that other programs put into a rule's cache folder, as azfuse's users do who write
 * there and upload from there. What came from the service, or went to it, is not among them as long
 * as it is unchanged. Thread-safe.
 */
public final class LooseFiles implements AutoCloseable {
  /** What azfuse itself leaves beside files. */
  private static final String LOCK = ".lockfile";

  private static final String UNFINISHED = ".tmpwrite";

  private final MappedPlace place;
  private final MountParts parts;
  private final RuleStore store;

  private LooseFiles(MappedPlace place, MountParts parts, RuleStore store) {
    this.place = place;
    this.parts = parts;
    this.store = store;
  }

  static LooseFiles open(MappedPlace place, ServiceOpener opener) throws IOException {
    MountParts parts = new MountParts(opener);
    try {
      BlobService service = parts.services().of(place.rule().account());
      RuleStore store = parts.add(RuleStore.open(place.rule(), service, parts.workers(), false));
      return new LooseFiles(place, parts, store);
    } catch (IOException | RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  /** Where the place lies in the cache folder, absolute. */
  public String path() {
    return place.name().isEmpty() ? store.cache().folder() : store.cache().path(place.name());
  }

  /**
   * Whether a file is one of them.
   *
   * @param below relative to the place; empty for the place itself
   */
  public boolean isLoose(String below) {
    String name = name(below);
    if (name.startsWith(".azcp/") || name.endsWith(LOCK) || name.endsWith(UNFINISHED)) {
      return false;
    }
    try {
      return store.cache().wholeVersion(name).isEmpty();
    } catch (IOException e) {
      // It cannot be read, which its upload says better.
      return true;
    }
  }

  /** A file was uploaded with its MD5: from now on it counts as cached. */
  public void uploaded(String below) throws IOException {
    String name = name(below);
    BlobProperties blob = store.service().head(place.container(), place.rule().blobName(name));
    store.adopt(
        name, new BlobVersion(blob.etag(), blob.length(), blob.lastModified(), blob.contentMd5()));
  }

  private String name(String below) {
    if (below.isEmpty()) {
      return place.name();
    }
    return place.name().isEmpty() ? below : place.name() + "/" + below;
  }

  @Override
  public void close() {
    parts.close();
  }
}
