package io.azcp.fs.writeback;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.cache.BlobVersion;
import io.azcp.cache.Cache;
import io.azcp.cache.CachedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** A cache of whole files only, which keeps their versions in memory. */
final class FolderCache implements Cache {
  private final Path folder;
  private final Map<String, BlobVersion> whole = new ConcurrentHashMap<>();

  FolderCache(Path folder) throws IOException {
    this.folder = folder;
    java.nio.file.Files.createDirectories(folder.resolve("whole"));
  }

  @Override
  public void makeRoom() {}

  @Override
  public boolean tight() {
    return false;
  }

  @Override
  public boolean addState(long bytes, Change write) throws IOException {
    write.make();
    return true;
  }

  @Override
  public OptionalLong lastUse(String name) {
    return OptionalLong.empty();
  }

  @Override
  public String path(String name) {
    return folder.resolve("whole").resolve(name.replace("/", "%2F")).toString();
  }

  @Override
  public String folder() {
    return folder.toString();
  }

  @Override
  public CachedFile open(String name, BlobVersion version) throws IOException {
    if (!isWhole(name, version)) {
      throw new AzcpException(Errno.ENOENT, name + " is not in the cache");
    }
    int fd = Fd.open(path(name), Fd.O_RDONLY, 0);
    return new CachedFile() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public BlobVersion version() {
        return version;
      }

      @Override
      public int fd() {
        return fd;
      }

      @Override
      public boolean whole() {
        return true;
      }

      @Override
      public long presentBytes() {
        return version.length();
      }

      @Override
      public boolean present(long offset, long length) {
        return true;
      }

      @Override
      public void ensure(long offset, long length, boolean urgent, FaultListener listener) {
        listener.ready();
      }

      @Override
      public void willBeChanged() {
        // Every byte is there.
      }

      @Override
      public void readPast(long offset, int length, PastListener listener) {
        throw new IllegalStateException("every byte is there");
      }

      @Override
      public void close() {
        Fd.close(fd);
      }
    };
  }

  @Override
  public boolean isWhole(String name, BlobVersion version) {
    return version.equals(whole.get(name));
  }

  @Override
  public Optional<BlobVersion> wholeVersion(String name) {
    return Optional.ofNullable(whole.get(name));
  }

  @Override
  public boolean holdsBelow(String directory) {
    return whole.keySet().stream().anyMatch(name -> name.startsWith(directory + "/"));
  }

  @Override
  public boolean dropOther(String name, BlobVersion now) throws IOException {
    BlobVersion here = whole.get(name);
    boolean other = here != null && (now == null || !here.sameContent(now));
    if (other) {
      evict(name);
    }
    return other;
  }

  @Override
  public long presentBytes(String name, BlobVersion version) {
    return isWhole(name, version) ? version.length() : 0;
  }

  @Override
  public void takeOut(String name, BlobVersion version, String stagingPath) throws IOException {
    if (!whole.remove(name, version)) {
      throw new AzcpException(Errno.ESTALE, name + " is not in the cache in this version");
    }
    Files.chmod(path(name), 0600);
    Files.rename(path(name), stagingPath);
  }

  @Override
  public void publish(String stagingPath, String name, BlobVersion version) throws IOException {
    if (Files.lstat(stagingPath).size() != version.length()) {
      throw new AzcpException(Errno.EINVAL, name + " has another length than its version");
    }
    Files.chmod(stagingPath, 0444);
    Files.rename(stagingPath, path(name));
    whole.put(name, version);
  }

  @Override
  public void move(String name, BlobVersion version, String newName, BlobVersion newVersion)
      throws IOException {
    if (whole.remove(name, version)) {
      Files.rename(path(name), path(newName));
      whole.put(newName, newVersion);
    }
  }

  @Override
  public void changing(String name, Change change) throws IOException {
    change.make();
  }

  @Override
  public long evict(String name) throws IOException {
    BlobVersion was = whole.remove(name);
    Files.unlinkIfExists(path(name));
    return was == null ? 0 : was.length();
  }

  @Override
  public void evict(String name, boolean pinnedToo, EvictionListener listener) {
    throw new UnsupportedOperationException("write-back evicts single names");
  }

  @Override
  public void pin(String name) {
    throw new UnsupportedOperationException("write-back pins nothing");
  }

  @Override
  public long unpin(String name) {
    return 0;
  }

  @Override
  public boolean pinned(String name) {
    return false;
  }

  @Override
  public void forEachWhole(WholeVisitor visitor) throws IOException {
    for (Map.Entry<String, BlobVersion> e : whole.entrySet()) {
      visitor.file(e.getKey(), e.getValue());
    }
  }

  @Override
  public Usage usage() {
    long bytes = whole.values().stream().mapToLong(BlobVersion::length).sum();
    return new Usage(whole.size(), bytes, 0, 0, Long.MAX_VALUE);
  }

  @Override
  public long capacityBytes() {
    return Long.MAX_VALUE;
  }

  @Override
  public String dirtyFolder() {
    return folder.resolve("dirty").toString();
  }

  @Override
  public void close() {}
}
