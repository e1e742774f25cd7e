package io.azcp.cache.index;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The index of a cache folder: in memory at first, in the folder once {@link #open} has opened
 * that, in memory again when that makes trouble, and then anew in the folder. What is known by then
 * moves along. Thread-safe.
 */
public final class FolderIndex implements Index {
  private static final Logger LOG = LoggerFactory.getLogger(FolderIndex.class);

  /** For what is known until the folder's index is open, or where none can be: a million names. */
  private static final long MEMORY_BYTES = 64L << 20;

  /** Indexes that made trouble, after which memory has to do. */
  private static final int MOST_DROPPED = 3;

  private static final long JOIN_MILLIS = TimeUnit.SECONDS.toMillis(20);

  /** Opens what is kept in a folder; null where somebody else has it. Fails with anything. */
  @FunctionalInterface
  interface Opener {
    Kept open() throws Exception;
  }

  /** An index in a folder. It fails with anything where it is damaged or full. */
  interface Kept extends Index {
    /** Ends its use for good and deletes it, whatever its state. */
    void discard();
  }

  /** Where the entries are. */
  public enum State {
    /** In memory only, for good. */
    MEMORY,
    /** In memory until the folder's are open. */
    OPENING,
    /** In the folder. */
    FOLDER
  }

  private final Opener opener;
  private final String folder;
  private final long freshMillis;
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Held for writing while one index takes the place of another. */
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  private final MemoryIndex memory = new MemoryIndex(MEMORY_BYTES);
  private Consumer<Index> moving = index -> {};
  private Thread opening;
  private Kept kept;
  private int dropped;
  private boolean closed;
  private volatile State state = State.MEMORY;

  FolderIndex(String folder, Opener opener) {
    this(folder, opener, 0);
  }

  private FolderIndex(String folder, Opener opener, long freshMillis) {
    this.folder = folder;
    this.opener = opener;
    this.freshMillis = freshMillis;
  }

  /**
   * The index of a cache folder, in memory until {@link #open}.
   *
   * @param identity what the folder mirrors; an index of anything else is not taken over
   * @param freshMillis how long the opening waits where the folder has none yet: nothing can be
   *     found there, and the start of the library takes a second of a processor that the first
   *     readers want. Ended before, it leaves none
   * @param room what the folder leaves it
   */
  public static FolderIndex of(String folder, String identity, long freshMillis, IndexRoom room) {
    return new FolderIndex(folder, () -> IndexFolder.open(folder, identity, room), freshMillis);
  }

  /** Forgets what is in a folder whose index nobody has open. */
  public static void forget(String folder) throws IOException {
    IndexFolder.forget(folder);
  }

  /**
   * Opens what is in the folder, on a thread of its own.
   *
   * @param before looks at it before it takes the place of what is in memory, which is put over it;
   *     never waits for anything
   */
  public void open(Consumer<Index> before) {
    lock.writeLock().lock();
    try {
      moving = before;
      startOpening(IndexFolder.told(folder) ? 0 : freshMillis);
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void startOpening(long waitMillis) {
    if (!closed) {
      state = State.OPENING;
      opening = new Thread(() -> takeAfter(waitMillis), "azcp-index of " + folder);
      opening.setDaemon(true);
      opening.start();
    }
  }

  /** The library cannot start without the launcher's flags, nor without a compiler. */
  private static String reason(Throwable e) {
    return e instanceof LinkageError
        ? "this JVM lacks a compiler, or the flags that bin/azcp gives"
        : String.valueOf(e.getMessage());
  }

  private void takeAfter(long waitMillis) {
    try {
      if (!ended.await(waitMillis, TimeUnit.MILLISECONDS)) {
        take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The library cannot start any more while the machine ends: it wants to be told of the end. */
  private static boolean ending() {
    var hook = new Thread(() -> {});
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      Runtime.getRuntime().removeShutdownHook(hook);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  private void take() {
    Kept found = null;
    try {
      found = ending() ? null : opener.open();
    } catch (Exception | LinkageError | InternalError | AssertionError e) {
      LOG.warn("the index of {} is kept in memory only: {}", folder, reason(e));
    }
    lock.writeLock().lock();
    try {
      if (found == null) {
        state = State.MEMORY;
      } else if (closed) {
        found.close();
      } else {
        move(found);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void move(Kept found) {
    try {
      moving.accept(found);
      memory.forEach(found::put);
      memory.close();
      kept = found;
      state = State.FOLDER;
    } catch (RuntimeException | LinkageError | InternalError | AssertionError e) {
      replace(found, e);
    }
  }

  /** Where the entries are now. */
  public State state() {
    return state;
  }

  private <T> T use(Function<Index, T> use, T otherwise) {
    Kept used = null;
    Throwable failure;
    lock.readLock().lock();
    try {
      if (closed) {
        return otherwise;
      }
      used = kept;
      return use.apply(used == null ? memory : used);
    } catch (RuntimeException | LinkageError | InternalError | AssertionError e) {
      failure = e;
    } finally {
      lock.readLock().unlock();
    }
    lock.writeLock().lock();
    try {
      if (used != null && used == kept) {
        replace(used, failure);
      }
    } finally {
      lock.writeLock().unlock();
    }
    return otherwise;
  }

  /** Starts anew, in memory first. */
  private void replace(Kept damaged, Throwable why) {
    LOG.warn("the index of {} is dropped and made anew: {}", folder, why.toString());
    kept = null;
    try {
      damaged.discard();
    } catch (RuntimeException | LinkageError | InternalError | AssertionError e) {
      LOG.debug("a damaged index was not closed", e);
    }
    if (++dropped < MOST_DROPPED) {
      startOpening(0);
    } else {
      state = State.MEMORY;
    }
  }

  @Override
  public byte[] get(byte[] key) {
    return use(index -> index.get(key), null);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    use(
        index -> {
          index.put(key, value);
          return null;
        },
        null);
  }

  @Override
  public void remove(byte[] key) {
    use(
        index -> {
          index.remove(key);
          return null;
        },
        null);
  }

  @Override
  public void removeIf(Predicate<byte[]> key) {
    use(
        index -> {
          index.removeIf(key);
          return null;
        },
        null);
  }

  @Override
  public long size() {
    return use(Index::size, 0L);
  }

  /** Waits for what {@link #open} has begun, and ends the use. */
  @Override
  public void close() {
    ended.countDown();
    Thread waitFor = null;
    lock.writeLock().lock();
    try {
      closed = true;
      waitFor = opening;
      Kept last = kept;
      kept = null;
      memory.close();
      if (last != null) {
        last.close();
      }
    } catch (RuntimeException | LinkageError | InternalError | AssertionError e) {
      // It is not marked as whole, so nobody will take it over.
      LOG.warn("the index of {} was not closed and will be made anew: {}", folder, e.toString());
    } finally {
      lock.writeLock().unlock();
    }
    try {
      if (waitFor != null) {
        waitFor.join(JOIN_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
