package io.azcp.cache;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.OfdLock;
import io.azcp.cache.CachedFile.FaultListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The files this process has open, by name and version. A stripe of locks covers opening and
 * closing one version; it is taken after an entry lock, never before one.
 */
final class OpenFiles {
  private static final int STRIPES = 64;

  private final Map<String, OpenFile> files = new ConcurrentHashMap<>();

  /** Those that later opens do not get any more, and that are open still. */
  private final Set<OpenFile> detached = ConcurrentHashMap.newKeySet();

  private final ReentrantLock[] stripes = new ReentrantLock[STRIPES];

  OpenFiles() {
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new ReentrantLock();
    }
  }

  /** Opens a file that is not open yet. */
  @FunctionalInterface
  interface Opener {
    OpenFile open() throws IOException;
  }

  /** The open file of a version with one handle more. */
  OpenFile acquire(OpenFile.Key key, Opener opener) throws IOException {
    ReentrantLock stripe = stripe(key.id());
    stripe.lock();
    try {
      OpenFile file = files.get(key.id());
      if (file == null) {
        file = opener.open();
        files.put(key.id(), file);
      }
      file.addHandle();
      return file;
    } finally {
      stripe.unlock();
    }
  }

  /** Takes back a handle. */
  void releaseHandle(OpenFile file) {
    List<FaultListener> unanswered = locked(file, file::removeHandle);
    if (!unanswered.isEmpty()) {
      var closed =
          new AzcpException(
              Errno.ECANCELED, "The file " + file.key().name() + " was closed while it was read.");
      unanswered.forEach(listener -> listener.failed(closed));
    }
    release(file);
  }

  /** Takes back a reference; the last one closes the file. Answers whether it was. */
  boolean release(OpenFile file) {
    return locked(
        file,
        () -> {
          boolean last = file.dropReference();
          if (last) {
            files.remove(file.key().id(), file);
            detached.remove(file);
            file.closeFile();
          }
          return last;
        });
  }

  /** Later opens of its version get another file; its handles keep this one. */
  void detach(OpenFile file) {
    locked(file, () -> files.remove(file.key().id(), file) && detached.add(file));
  }

  /**
   * Whether a file is in use by this process alone. What was detached, as it was taken out before,
   * goes on reading the same inode when it is back in the cache; its own locks are put aside for
   * the question.
   */
  boolean byUsAlone(long inode, WholeRemovals.InUse question) throws IOException {
    List<OpenFile> aside = new ArrayList<>();
    for (OpenFile file : detached) {
      if (locked(file, () -> standsOn(file, inode) && unlocked(file))) {
        aside.add(file);
      }
    }
    try {
      return question.byUsAlone();
    } finally {
      for (OpenFile file : aside) {
        locked(file, () -> standsOn(file, inode) && lockedAgain(file));
      }
    }
  }

  private boolean standsOn(OpenFile file, long inode) {
    try {
      return detached.contains(file) && Files.fstat(file.fd()).inode() == inode;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean unlocked(OpenFile file) {
    try {
      OfdLock.unlock(file.fd(), LockBytes.IN_USE, 1);
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean lockedAgain(OpenFile file) {
    try {
      return OfdLock.tryShared(file.fd(), LockBytes.IN_USE, 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Acts under the stripe a file belongs to, which {@link #move} may change. */
  private <T> T locked(OpenFile file, Supplier<T> action) {
    while (true) {
      String id = file.key().id();
      ReentrantLock stripe = stripe(id);
      stripe.lock();
      try {
        if (id.equals(file.key().id())) {
          return action.get();
        }
      } finally {
        stripe.unlock();
      }
    }
  }

  Optional<OpenFile> get(OpenFile.Key key) {
    return Optional.ofNullable(files.get(key.id()));
  }

  /** Gives an open file another name and version, while no file is opened or closed. */
  void move(OpenFile.Key from, OpenFile.Key to) {
    for (ReentrantLock stripe : stripes) {
      stripe.lock();
    }
    try {
      OpenFile file = files.get(from.id());
      if (file == null) {
        return;
      }
      files.remove(from.id());
      file.rekey(to);
      files.putIfAbsent(to.id(), file);
    } finally {
      for (ReentrantLock stripe : stripes) {
        stripe.unlock();
      }
    }
  }

  Collection<OpenFile> all() {
    return List.copyOf(files.values());
  }

  private ReentrantLock stripe(String id) {
    return stripes[Math.floorMod(id.hashCode() * 0x9E3779B1, STRIPES)];
  }
}
