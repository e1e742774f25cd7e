package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.fs.mount.control.Message;
import io.azcp.fs.writeback.Writeback;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a mount ends that was unmounted here on request. Mount namespaces that were made meanwhile
 * (by unshare(1), ip-netns(8), a container) may keep it, and the kernel then never says that it has
 * ended. So once nothing of it has been open for a while, and nothing is left to upload, it is
 * abandoned; what has files open there is served on, and named instead of waited for.
 */
final class Unmounting {
  private static final Logger LOG = LoggerFactory.getLogger(Unmounting.class);

  static final String HELD = "heldBy";

  private static final long SLICE_MILLIS = 250;

  /** How long nothing of it is open before it is abandoned: eight slices. */
  private static final int QUIET_SLICES = 8;

  /** What may take this long without being seen anywhere is in a namespace that is hidden. */
  private static final long HIDDEN_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Longer than what is not in use takes to be abandoned. */
  private static final long LINGER_MILLIS = 5000;

  private final MountSession session;
  private final boolean lazy;
  private final long start = System.nanoTime();
  private volatile boolean sent;

  /** Of a mount that has been unmounted, or detached where {@code lazy}. */
  Unmounting(MountSession session, boolean lazy) {
    this.session = session;
    this.lazy = lazy;
  }

  /** Has it abandoned in the background once nothing uses it, whoever waits. */
  void watch() {
    Thread watcher = new Thread(this::abandonWhenIdle, "azcp-unmounted " + session.mountPoint());
    watcher.setDaemon(true);
    watcher.start();
  }

  private void abandonWhenIdle() {
    int quiet = 0;
    try {
      while (!session.awaitEnd(SLICE_MILLIS)) {
        quiet = unused() ? quiet + 1 : 0;
        if (quiet >= QUIET_SLICES) {
          LOG.info("{} lives on in other mount namespaces; it is abandoned", session.mountPoint());
          session.binding().abandon();
          return;
        }
      }
    } catch (IOException e) {
      LOG.warn("{} is served until it ends: {}", session.mountPoint(), e.getMessage());
    }
  }

  private boolean unused() throws IOException {
    return session.binding().idle() && uploaded() && onlyElsewhere();
  }

  private boolean uploaded() {
    return sent
        || session.leavesUploads()
        || session.writebacks().stream()
            .map(Writeback::pending)
            .allMatch(p -> p.operations() == 0 && p.files() == 0);
  }

  /** What is detached lazily may be somebody's working directory here: it ends with that. */
  private boolean onlyElsewhere() throws IOException {
    String device = session.binding().device();
    return !device.isEmpty()
        && OtherPlaces.here(device).isEmpty()
        && (!lazy || !OtherPlaces.of(device).isEmpty());
  }

  /**
   * Waits for the end and for the uploads. Where it lives on elsewhere and is in use there, it
   * waits for the uploads and a few seconds, and answers with {@code heldBy}, not {@code complete}.
   */
  Message await(Drain drain, Duration limit, Duration stall, Drain.Watcher watcher)
      throws IOException {
    while (!session.awaitEnd(2 * SLICE_MILLIS)) {
      watcher.left(drain.state());
      if (livesOn()) {
        Message left = drain.await(limit, stall, watcher);
        sent = true;
        return session.awaitEnd(LINGER_MILLIS) ? left : held(left);
      }
    }
    return drain.await(limit, stall, watcher);
  }

  private boolean livesOn() throws IOException {
    boolean hidden = !lazy && System.nanoTime() - start > HIDDEN_NANOS;
    return hidden || !OtherPlaces.of(session.binding().device()).isEmpty();
  }

  private Message held(Message left) throws IOException {
    List<String> places = OtherPlaces.of(session.binding().device());
    String who = places.isEmpty() ? "processes hidden from here" : String.join(", ", places);
    return left.with(HELD, who).with("complete", false);
  }

  /** What a client says of an unmount that was answered with {@code heldBy}; empty for others. */
  static String sentence(Message left) throws AzcpException {
    String who = left.text(HELD, "");
    return who.isEmpty()
        ? ""
        : "it lives on and is in use elsewhere: "
            + who
            + "; its daemon serves it, and ends when nothing of it is open any more";
  }
}
