package io.azcp.fs.tree;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Open files or directories by the numbers the binding gives back. Thread-safe. */
final class Handles<T> {
  private final Map<Long, T> open = new ConcurrentHashMap<>();
  private final AtomicLong last = new AtomicLong();

  long add(T opened) {
    long handle = last.incrementAndGet();
    open.put(handle, opened);
    return handle;
  }

  T get(long handle) throws AzcpException {
    T opened = open.get(handle);
    if (opened == null) {
      throw new AzcpException(Errno.EBADF, "handle " + handle + " is not open");
    }
    return opened;
  }

  /** The one of a handle; null for none. */
  T find(long handle) {
    return open.get(handle);
  }

  /** Takes it out; null when it is not there. */
  T remove(long handle) {
    return open.remove(handle);
  }

  /** Those that are open now, in no order. */
  Collection<T> all() {
    return open.values();
  }

  int size() {
    return open.size();
  }
}
