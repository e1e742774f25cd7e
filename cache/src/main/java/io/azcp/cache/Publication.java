package io.azcp.cache;

import io.azcp.base.posix.Fd;
import io.azcp.base.posix.OfdLock;
import io.azcp.base.posix.PosixException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a partial file becomes whole: by its own last byte, or because the whole file has come to lie
 * in its place meanwhile. A file is published only while no process holds a claim on any of it: a
 * process that was stopped in the middle of a write could otherwise change a published file when it
 * goes on.
 */
final class Publication {
  private static final Logger LOG = LoggerFactory.getLogger(Publication.class);

  private final CacheContext context;
  private final PartialFile file;
  private final PartialStore.Opened opened;
  private boolean over;
  private boolean superseded;
  private boolean waiting;
  private boolean stopped;

  Publication(CacheContext context, PartialFile file, PartialStore.Opened opened) {
    this.context = context;
    this.file = file;
    this.opened = opened;
  }

  /** Whether there is nothing left to do. */
  synchronized boolean over() {
    return over;
  }

  /** Whether the partial file is of no more use and can be deleted when it is closed. */
  synchronized boolean superseded() {
    return superseded;
  }

  /** Ends the waiting for other processes; the next open of the file goes on. */
  synchronized void stop() {
    stopped = true;
  }

  /**
   * Publishes the complete file, unless that was done. A failure leaves it a complete partial file,
   * which serves as well, and which the next open tries to publish.
   */
  synchronized void publish() {
    if (over || waiting || stopped) {
      return;
    }
    try {
      if (!tryPublish()) {
        waiting = true;
        context.claims().park(this::look);
      }
    } catch (IOException e) {
      over = true;
      LOG.warn("{} stays a partial file: {}", file.key().name(), e.getMessage());
    }
  }

  /** Asks again whether the other process is done, on the waiter's thread. */
  private synchronized boolean look() {
    try {
      boolean free =
          stopped
              || (OfdLock.isFree(opened.dataFd(), 0, file.key().version().length())
                  && OfdLock.isFree(opened.dataFd(), LockBytes.OVERRIDE, 1));
      if (free && !stopped && file.tryRetain()) {
        waiting = false;
        context.threads().run(false, this::publishLate);
      }
      return free;
    } catch (PosixException e) {
      throw new IllegalStateException("a lock of a valid descriptor cannot fail", e);
    }
  }

  private void publishLate() {
    publish();
    file.publicationOver();
    context.openFiles().release(file);
  }

  private boolean tryPublish() throws IOException {
    while (true) {
      OpenFile.Key key = file.key();
      Optional<Boolean> answer =
          context
              .locks()
              .holding(
                  key.name(),
                  () -> key.equals(file.key()) ? Optional.of(tryPublish(key)) : Optional.empty());
      if (answer.isPresent()) {
        return answer.get();
      }
    }
  }

  private boolean tryPublish(OpenFile.Key key) throws IOException {
    if (!context.partials().lies(opened.inode(), key.name(), key.version())) {
      over = true;
      return true;
    }
    if (newerLies(key)) {
      superseded = true;
      over = true;
      return true;
    }
    int fd = opened.dataFd();
    long length = key.version().length();
    if (!OfdLock.tryExclusive(fd, LockBytes.OVERRIDE, 1)) {
      return false;
    }
    try {
      if (length > 0 && !OfdLock.tryExclusive(fd, 0, length)) {
        return false;
      }
      place(key, fd);
      over = true;
      return true;
    } finally {
      OfdLock.unlock(fd, LockBytes.OVERRIDE, 1);
      if (length > 0) {
        OfdLock.unlock(fd, 0, length);
      }
    }
  }

  private void place(OpenFile.Key key, int fd) throws IOException {
    Fd.setTimes(
        fd, context.recency().now(), TimeUnit.MILLISECONDS.toNanos(key.version().lastModified()));
    String path = context.partials().path(key.name(), key.version());
    long counted = PartialStore.completeBytes(key.version().length());
    context.wholes().place(fd, path, key.name(), key.version(), "length", counted);
    context.partials().published(key.name(), key.version());
    context.durability().published(key.name(), key.version().etag());
  }

  /** Whether the place holds this version already, or one of a later date. */
  private boolean newerLies(OpenFile.Key key) throws IOException {
    Optional<WholeFiles.Found> there = context.wholes().find(key.name());
    if (there.isEmpty()) {
      return false;
    }
    try (var found = there.get()) {
      return found.whole()
          && (found.mark().version().etag().equals(key.version().etag())
              || found.mark().version().lastModified() > key.version().lastModified());
    }
  }

  /**
   * Takes the whole file that lies in the place, if it is of this version; one without a mark after
   * its MD5 was found right. From then on the reader's descriptor leads to it.
   */
  synchronized boolean takeWhole() throws IOException {
    OpenFile.Key key = file.key();
    if (over) {
      return false;
    }
    adopt(key);
    Optional<WholeFiles.Found> there = context.wholes().findInUse(key.name());
    if (there.isEmpty()) {
      return false;
    }
    try (var found = there.get()) {
      if (!found.whole() || !found.mark().version().sameContent(key.version())) {
        return false;
      }
      // A copy of the descriptor shares its lock, and readers change over between two reads.
      Fd.dup3(found.fd(), opened.readFd());
      over = true;
      superseded = true;
      return true;
    }
  }

  private void adopt(OpenFile.Key key) throws IOException {
    new Adoption(context).adopt(key.name(), key.version());
  }
}
