package io.azcp.fs.fuse.kernel;

import io.azcp.base.Errno;
import java.util.ArrayList;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the kernel to forget what it cached, from a thread of its own: the kernel takes the inode's
 * locks for it and may have to wait for requests that hold them. Thread-safe.
 */
final class Notifier implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
  private static final int QUEUE = 1 << 16;
  private static final long WAIT_SECONDS = 10;

  private sealed interface Notice permits Inode, Name, Sent, End {}

  private record Inode(long node, boolean pages) implements Notice {}

  private static final class Name implements Notice {
    private final long parent;
    private final byte[] bytes;

    Name(long parent, byte[] bytes) {
      this.parent = parent;
      this.bytes = bytes;
    }
  }

  /** Opens when all before it were sent. */
  private record Sent(CountDownLatch latch) implements Notice {}

  /** Wakes the thread, so that it sees the end. */
  private record End() implements Notice {}

  private final FuseDevice device;
  private final BlockingQueue<Notice> queue = new LinkedBlockingQueue<>(QUEUE);
  private final ReplyBuffer buffer = new ReplyBuffer(4096);
  private final Thread thread;
  private volatile boolean ended;

  Notifier(FuseDevice device) {
    this.device = device;
    thread = new Thread(this::run, "fuse-notify");
    thread.setDaemon(true);
    thread.start();
  }

  void invalidateNode(long node) {
    offer(new Inode(node, true));
  }

  void invalidateAttributes(long node) {
    offer(new Inode(node, false));
  }

  void invalidateEntry(long parent, byte[] name) {
    offer(new Name(parent, name.clone()));
  }

  /** Waits until what was queued so far is sent, at most {@value #WAIT_SECONDS} s. */
  void awaitSent() {
    if (ended) {
      return;
    }
    var sent = new Sent(new CountDownLatch(1));
    offer(sent);
    try {
      if (!sent.latch().await(WAIT_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("the kernel was not told of every invalidation in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void offer(Notice notice) {
    try {
      if (!ended && !queue.offer(notice, WAIT_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("the kernel takes no notifications; one is dropped");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.debug("interrupted while telling the kernel", e);
    }
  }

  private void run() {
    try {
      while (!ended) {
        Notice notice = queue.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        if (notice != null) {
          tell(notice);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("the notification thread was interrupted", e);
    }
  }

  private void tell(Notice notice) {
    long n = 0;
    if (notice instanceof Inode inode) {
      n = send(inode);
    } else if (notice instanceof Name name) {
      n = send(name);
    } else if (notice instanceof Sent sent) {
      sent.latch().countDown();
    }
    // ENOENT: the kernel does not know it; ENODEV and the like: the mount has ended.
    if (n == -Errno.EINVAL.code()) {
      LOG.warn("the kernel refused {}", notice);
    }
  }

  /**
   * {@code struct fuse_notify_inval_inode_out}: attributes, and all pages (length 0 from 0) or none
   * (from −1).
   */
  private long send(Inode notice) {
    buffer.body().putLong(0, notice.node()).putLong(8, notice.pages() ? 0 : -1).putLong(16, 0);
    return buffer.notify(device, Protocol.NOTIFY_INVAL_INODE, 24);
  }

  /** {@code struct fuse_notify_inval_entry_out}, the name and a zero. */
  private long send(Name notice) {
    int length = notice.bytes.length;
    buffer.body().putLong(0, notice.parent).putInt(8, length).putInt(12, 0);
    buffer.body().put(16, notice.bytes).put(16 + length, (byte) 0);
    return buffer.notify(device, Protocol.NOTIFY_INVAL_ENTRY, 16 + length + 1);
  }

  /** Ends the thread; what is queued is dropped. */
  @Override
  public void close() {
    ended = true;
    var dropped = new ArrayList<Notice>();
    queue.drainTo(dropped);
    for (Notice notice : dropped) {
      if (notice instanceof Sent sent) {
        sent.latch().countDown();
      }
    }
    queue.offer(new End());
  }
}
