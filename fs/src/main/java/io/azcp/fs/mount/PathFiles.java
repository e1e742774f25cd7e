package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Stat;
import io.azcp.cache.BlobVersion;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.engine.BlobPages;
import java.io.IOException;
import java.util.Optional;

/**
 * Single files by their paths: below a running mount they are read through it, so that what is not
 * uploaded yet is seen; else through the cache folder of their rule; and a plain local file is read
 * as it is. Used by one thread.
 */
public final class PathFiles {
  private final PathRequests requests;
  private final ServiceOpener opener;

  PathFiles(PathRequests requests, ServiceOpener opener) {
    this.requests = requests;
    this.opener = opener;
  }

  /** The size of a file in bytes; empty where there is none, or a directory. */
  public Optional<Long> size(String path) throws IOException {
    Optional<MappedPlace> place = requests.place(path);
    if (place.isEmpty() || place.get().isMounted()) {
      String file = place.map(MappedPlace::mounted).orElseGet(() -> requests.absolute(path));
      Optional<Stat> stat = path.endsWith("/") ? Optional.empty() : LocalContent.stat(file);
      return stat.filter(Stat::isRegular).map(Stat::size);
    }
    try (MountParts parts = new MountParts(opener)) {
      RuleStore store = store(parts, place.get());
      return version(store, place.get()).map(BlobVersion::length);
    }
  }

  /** Opens a file for reading; {@code ENOENT} where there is none. */
  public FileContent open(String path) throws IOException {
    Optional<MappedPlace> place = requests.place(path);
    if (place.isEmpty() || place.get().isMounted()) {
      return LocalContent.open(
          place.map(MappedPlace::mounted).orElseGet(() -> requests.absolute(path)));
    }
    return cached(path, place.get());
  }

  /**
   * A file of the local file system that holds all of a path's bytes: the path itself where it is
   * mounted or plain, else its file in the cache, fetched first.
   */
  public String whole(String path) throws IOException {
    Optional<MappedPlace> place = requests.place(path);
    if (place.isEmpty() || place.get().isMounted()) {
      String file = place.map(MappedPlace::mounted).orElseGet(() -> requests.absolute(path));
      LocalContent.open(file).close();
      return file;
    }
    try (CacheContent content = cached(path, place.get())) {
      content.fill();
      return content.path();
    }
  }

  private CacheContent cached(String path, MappedPlace place) throws IOException {
    MountParts parts = new MountParts(opener);
    try {
      RuleStore store = store(parts, place);
      BlobVersion version =
          version(store, place)
              .orElseThrow(() -> new AzcpException(Errno.ENOENT, "there is no file " + path));
      return new CacheContent(parts, store, store.cache().open(place.name(), version));
    } catch (IOException | RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  private static RuleStore store(MountParts parts, MappedPlace place) throws IOException {
    BlobService service = parts.services().of(place.rule().account());
    return parts.add(RuleStore.open(place.rule(), service, parts.workers(), false));
  }

  /** The version there is now; where the service cannot be reached, that which lies here whole. */
  private static Optional<BlobVersion> version(RuleStore store, MappedPlace place)
      throws IOException {
    if (place.directory()) {
      return Optional.empty();
    }
    try {
      BlobProperties blob =
          BlobPages.headOrNull(store.service(), place.container(), place.blobName());
      return Optional.ofNullable(blob)
          .filter(b -> !b.isFolder())
          .map(b -> new BlobVersion(b.etag(), b.length(), b.lastModified(), b.contentMd5()));
    } catch (AzcpException e) {
      Optional<BlobVersion> here = store.cache().wholeVersion(place.name());
      if (here.isEmpty() || e.errno() == Errno.EACCES) {
        throw e;
      }
      return here;
    }
  }
}
