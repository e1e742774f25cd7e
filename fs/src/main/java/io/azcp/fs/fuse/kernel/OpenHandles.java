package io.azcp.fs.fuse.kernel;

import io.azcp.fs.fuse.FileSystemPort;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the kernel has open. When a mount ends the kernel drops requests it has not sent yet, and
 * RELEASE is sent in the background: so what is still open then is released here, and the port sees
 * as many releases as opens. Thread-safe.
 */
final class OpenHandles {
  private record Handle(long node, long number, boolean directory) {}

  private final FileSystemPort port;
  private final Set<Handle> open = ConcurrentHashMap.newKeySet();

  OpenHandles(FileSystemPort port) {
    this.port = port;
  }

  void opened(long node, long handle) {
    open.add(new Handle(node, handle, false));
  }

  void openedDirectory(long node, long handle) {
    open.add(new Handle(node, handle, true));
  }

  /**
   * Whether it was open here: then whoever asks tells the port, otherwise {@link #releaseAll} has.
   */
  boolean released(long node, long handle) {
    return open.remove(new Handle(node, handle, false));
  }

  /** The same for a directory. */
  boolean releasedDirectory(long node, long handle) {
    return open.remove(new Handle(node, handle, true));
  }

  /** Whether the kernel has nothing open. */
  boolean isEmpty() {
    return open.isEmpty();
  }

  /** The mount has ended: all that is open is released. */
  void releaseAll() {
    for (Handle handle : List.copyOf(open)) {
      if (!open.remove(handle)) {
        continue;
      }
      if (handle.directory()) {
        port.releasedir(handle.node(), handle.number(), Answers.ignored());
      } else {
        port.release(handle.node(), handle.number(), Answers.ignored());
      }
    }
  }
}
