package io.azcp.cache;

import io.azcp.cache.CachedFile.FaultListener;
import io.azcp.cache.CachedFile.PastListener;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file of the cache as this process has it open, once for all its handles. References are handles
 * and fetches under way; the file is closed when the last is gone. Name and version change only by
 * {@link Cache#move}.
 */
abstract class OpenFile {
  private final AtomicInteger handles = new AtomicInteger();
  private final AtomicInteger references = new AtomicInteger();
  private volatile Key key;
  private volatile long usedAt;

  OpenFile(String name, BlobVersion version) {
    this.key = new Key(name, version);
  }

  /** Name and version, always together. */
  record Key(String name, BlobVersion version) {
    /** What identifies the version among those of the name. */
    String id() {
      return version.etag() + "\0" + name;
    }
  }

  final Key key() {
    return key;
  }

  final void rekey(Key newKey) {
    key = newKey;
  }

  /** When a use was noted last, nanoseconds since the epoch; 0 for never. */
  final long usedAt() {
    return usedAt;
  }

  /** A use is noted. */
  final void usedAt(long nanos) {
    usedAt = nanos;
  }

  final void addHandle() {
    handles.incrementAndGet();
    references.incrementAndGet();
  }

  /** Takes back a handle but not its reference; answers the waits that nobody is left for. */
  final List<FaultListener> removeHandle() {
    return handles.decrementAndGet() == 0 ? abandoned() : List.of();
  }

  final boolean hasHandles() {
    return handles.get() > 0;
  }

  /** Adds a reference; the caller has one. */
  final void retain() {
    references.incrementAndGet();
  }

  /** Adds a reference unless the last one is gone. */
  final boolean tryRetain() {
    return references.updateAndGet(n -> n == 0 ? 0 : n + 1) > 0;
  }

  /** Takes back a reference; true when it was the last. */
  final boolean dropReference() {
    return references.decrementAndGet() == 0;
  }

  /** Adapts to having no handle any more. */
  abstract List<FaultListener> abandoned();

  /** A read-only descriptor. */
  abstract int fd();

  abstract boolean whole();

  abstract long presentBytes();

  abstract boolean present(long offset, long length);

  abstract void ensure(
      long offset, long length, boolean urgent, ReadPlanner planner, FaultListener listener);

  /** Answers the waits that have waited for too long; nothing where none can. */
  void expire() {}

  /** What is fetched from now on may pass the size limit; nothing where all is there. */
  void willBeChanged() {}

  /** Reads what there is no room for. */
  abstract void readPast(long offset, int length, PastListener listener);

  /** Closes descriptors; nobody uses them any more. */
  abstract void closeFile();
}
