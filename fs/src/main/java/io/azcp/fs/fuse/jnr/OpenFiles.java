package io.azcp.fs.fuse.jnr;

import io.azcp.base.Errno;
import io.azcp.base.posix.Native;
import io.azcp.fs.fuse.FileSystemPort;
import io.azcp.fs.fuse.Reply;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Open files and directories by the number libfuse keeps, and the calls on them. Thread-safe. */
final class OpenFiles {
  private static final Logger LOG = LoggerFactory.getLogger(OpenFiles.class);

  private final FileSystemPort port;
  private final PathTable paths;
  private final PathPages pages;
  private final Duration limit;
  private final Map<Long, OpenFile> open = new ConcurrentHashMap<>();
  private final AtomicLong lastNumber = new AtomicLong();

  OpenFiles(FileSystemPort port, PathTable paths, PathPages pages, Duration limit) {
    this.port = port;
    this.paths = paths;
    this.pages = pages;
    this.limit = limit;
  }

  /** Keeps an open file until {@link #close}; the pin is this class's from now on. */
  long addFile(PathTable.Pin pin, long handle, PathPages.Open kept) {
    return add(new OpenFile(pin, handle, false, kept));
  }

  /** The same with a directory. */
  long addDirectory(PathTable.Pin pin, long handle) {
    return add(new OpenFile(pin, handle, true, null));
  }

  private long add(OpenFile file) {
    long number = lastNumber.incrementAndGet();
    open.put(number, file);
    return number;
  }

  /** Whether the node is open. */
  boolean has(long node) {
    return open.values().stream().anyMatch(file -> file.node() == node);
  }

  OpenFile get(long number) throws Refusal {
    OpenFile file = open.get(number);
    if (file == null) {
      throw new Refusal(Errno.EBADF);
    }
    return file;
  }

  /** Answers the count or the negated errno. */
  int read(long number, long address, int size, long offset) throws Refusal {
    OpenFile file = get(number);
    NativeRead answer = new NativeRead(address, size);
    port.read(file.node(), file.handle(), offset, size, answer);
    return answer.get(limit);
  }

  int write(long number, long address, int size, long offset) throws Refusal {
    OpenFile file = get(number);
    ByteBuffer data = Native.view(address, size);
    Await<Integer> answer = new Await<>();
    port.write(file.node(), file.handle(), offset, data, answer);
    return answer.get(limit);
  }

  /** A call on an open file. */
  @FunctionalInterface
  interface FileCall {
    void on(FileSystemPort port, long node, long handle, Reply<Void> reply);
  }

  void call(long number, FileCall call) throws Refusal {
    OpenFile file = get(number);
    Await<Void> answer = new Await<>();
    call.on(port, file.node(), file.handle(), answer);
    answer.get(limit);
  }

  /** Ends an open file or directory. */
  void close(long number, FileCall release) throws Refusal {
    OpenFile file = get(number);
    try {
      call(number, release);
    } finally {
      open.remove(number);
      paths.release(file.pin());
      if (file.pages() != null) {
        pages.closed(file.pages());
      }
    }
  }

  /**
   * The mount has ended. The kernel drops releases it has not sent by then: what is still open is
   * released here.
   */
  void releaseAll() {
    for (Long number : List.copyOf(open.keySet())) {
      OpenFile file = open.remove(number);
      if (file != null) {
        release(file);
        paths.release(file.pin());
      }
    }
  }

  private void release(OpenFile file) {
    if (file.directory()) {
      port.releasedir(file.node(), file.handle(), ignored());
    } else {
      port.release(file.node(), file.handle(), ignored());
    }
  }

  /** For what comes of giving back; nobody waits for it. */
  static Reply<Void> ignored() {
    return new Reply<>() {
      @Override
      public void ok(Void value) {}

      @Override
      public void fail(Errno errno) {
        LOG.debug("giving an open back failed: {}", errno.text());
      }
    };
  }
}
