package io.azcp.cache;

import io.azcp.cache.CachedFile.FaultListener;
import io.azcp.cache.CachedFile.PastListener;
import java.util.List;

/** An open whole file. */
final class WholeFile extends OpenFile {
  private final CacheContext context;
  private final int fd;
  private final long length;

  WholeFile(CacheContext context, String name, BlobVersion version, int fd) {
    super(name, version);
    this.context = context;
    this.fd = fd;
    this.length = version.length();
  }

  @Override
  List<FaultListener> abandoned() {
    return List.of();
  }

  @Override
  int fd() {
    return fd;
  }

  @Override
  boolean whole() {
    return true;
  }

  @Override
  long presentBytes() {
    return length;
  }

  @Override
  boolean present(long offset, long bytes) {
    return true;
  }

  @Override
  void ensure(
      long offset, long bytes, boolean urgent, ReadPlanner planner, FaultListener listener) {
    listener.ready();
  }

  @Override
  void readPast(long offset, int bytes, PastListener listener) {
    throw new IllegalStateException("every byte of " + key().name() + " is there");
  }

  @Override
  void closeFile() {
    context.noteUse(this);
    context.closeReader(fd, key().name());
  }
}
