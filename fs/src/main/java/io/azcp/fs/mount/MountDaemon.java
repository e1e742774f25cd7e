package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.Version;
import io.azcp.fs.mount.control.ControlServer;
import io.azcp.fs.mount.control.LiveMount;
import io.azcp.fs.mount.control.Message;
import io.azcp.fs.mount.control.RuntimeFolder;
import io.azcp.fs.writeback.Writeback;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running mount: its places, its control socket, and how it ends.
 *
 * <p>It ends when every place has been unmounted, by whomever: by its own control socket, which
 * waits for the uploads where asked; by umount(8), after which it finishes them; or by {@link
 * #stop}, which gives them a limited time. What is not uploaded by then stays in the journal.
 */
public final class MountDaemon implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MountDaemon.class);
  private static final long SLICE_MILLIS = 200;
  private static final long ANSWER_SECONDS = 5;
  private static final long ANSWER_POLL_MILLIS = 5;
  private static final Duration STALL = Duration.ofMinutes(5);
  private static final Duration LONGEST = Duration.ofDays(7);

  private final MountRequest request;
  private final MountParts parts;
  private final List<MountSession> sessions;
  private final List<MountedRule> rules;
  private final List<String> notes;
  private final long startedMillis = System.currentTimeMillis();
  private final long pid = ProcessHandle.current().pid();
  private final AtomicInteger unanswered = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread ticker;
  private RuntimeFolder folder;
  private ControlServer control;
  private volatile boolean stopping;
  private volatile boolean closing;

  private MountDaemon(
      MountRequest request, MountParts parts, List<MountSession> sessions, List<String> notes) {
    this.request = request;
    this.parts = parts;
    this.sessions = List.copyOf(sessions);
    this.rules = sessions.stream().flatMap(s -> s.rules().stream()).toList();
    this.notes = List.copyOf(notes);
    ticker = new Thread(this::tick, "azcp-tick");
    ticker.setDaemon(true);
  }

  /**
   * Checks, mounts, and answers when everything is served. Whatever is wrong is told by one
   * exception, and nothing stays behind.
   */
  public static MountDaemon start(MountRequest request, ServiceOpener opener) throws IOException {
    var starting = new MountStart(request, opener);
    try {
      MountDaemon daemon =
          new MountDaemon(request, starting.parts(), starting.mount(), starting.notes());
      daemon.serve();
      return daemon;
    } catch (IOException | RuntimeException e) {
      starting.undo();
      throw e;
    }
  }

  private void serve() throws IOException {
    folder = RuntimeFolder.of(request.environment().variables());
    String socket = folder.socket();
    control = new ControlServer(socket, new MountControl(this));
    try {
      folder.register(
          new LiveMount(
              pid,
              socket,
              request.mapping().file(),
              startedMillis,
              sessions.stream().map(MountSession::mountPoint).toList(),
              rules.stream().map(MountedRule::live).toList()));
    } catch (IOException e) {
      control.close();
      throw e;
    }
    ticker.start();
  }

  private void tick() {
    IdleMemory memory = new IdleMemory(IdleMemory.PROCESS);
    try {
      while (!closed.await(1, TimeUnit.SECONDS)) {
        long now = System.nanoTime();
        rules.forEach(r -> r.sample(now));
        sessions.forEach(MountSession::trimNodes);
        memory.look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sentences the user should read: what is offline, why passthrough is off, what is pending. */
  public List<String> notes() {
    return notes;
  }

  /** Where it is mounted, and how, one sentence a place. */
  public List<String> places() {
    return sessions.stream()
        .map(s -> s.mountPoint() + " (" + s.binding().describe() + ")")
        .toList();
  }

  /** The first of the places. */
  public String firstMountPoint() {
    return sessions.get(0).mountPoint();
  }

  List<MountSession> sessions() {
    return sessions;
  }

  /** All rules in the order in which they match. */
  List<MountedRule> rules() {
    return rules;
  }

  MountSession session(String mountPoint) throws AzcpException {
    return sessions.stream()
        .filter(s -> s.mountPoint().equals(mountPoint) && !s.hasEnded())
        .findFirst()
        .orElseThrow(() -> new AzcpException(Errno.EINVAL, "nothing is mounted at " + mountPoint));
  }

  MountSession sessionOf(MountedRule rule) {
    return sessions.stream().filter(s -> s.rules().contains(rule)).findFirst().orElseThrow();
  }

  /** Ends long requests once the daemon is on its way out. */
  void checkServing() throws AzcpException {
    if (closing || stopping) {
      throw new AzcpException(Errno.ECANCELED, "the mount is ending");
    }
  }

  Message status() {
    return Message.empty()
        .with("pid", pid)
        .with("version", Version.text())
        .with("config", request.mapping().file())
        .with("started", startedMillis)
        .with(
            "mounts",
            sessions.stream().filter(s -> !s.hasEnded()).map(MountSession::status).toList());
  }

  /** An unmount is being worked on; its answer is waited for before the end. */
  void unmountAsked() {
    unanswered.incrementAndGet();
  }

  void unmountAnswered() {
    unanswered.decrementAndGet();
  }

  /**
   * Serves until everything is unmounted, then finishes the uploads and closes.
   *
   * @param say takes a sentence about what is left, if anything is
   * @return whether nothing is left pending
   */
  public boolean serveUntilEnd(Consumer<String> say) throws IOException {
    // Only now: the mount is ready, and nobody waits for what the index loads.
    rules.forEach(MountedRule::openIndex);
    for (MountSession session : sessions) {
      while (!session.awaitEnd(SLICE_MILLIS)) {
        if (closing) {
          return awaitClosed();
        }
      }
    }
    if (stopping) {
      return awaitClosed();
    }
    List<Writeback> finish =
        sessions.stream()
            .filter(s -> !s.leavesUploads())
            .flatMap(s -> s.writebacks().stream())
            .toList();
    try {
      new Drain(finish, "").await(LONGEST, STALL, left -> checkServing());
    } catch (AzcpException e) {
      if (stopping || closing) {
        return awaitClosed();
      }
      throw e;
    }
    awaitAnswers();
    return end(say);
  }

  private void awaitAnswers() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWER_SECONDS);
    try {
      while (unanswered.get() > 0 && System.nanoTime() < deadline) {
        Thread.sleep(ANSWER_POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean awaitClosed() {
    try {
      return closed.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Ends at once, as for SIGTERM: unmounts (detaches what is in use), uploads for at most the
   * request's stop timeout, leaves the rest in the journal.
   *
   * @param say takes a sentence about what is left, if anything is
   * @return whether nothing is left pending
   */
  public boolean stop(Consumer<String> say) throws IOException {
    if (closing || stopping) {
      return awaitClosed();
    }
    stopping = true;
    for (MountSession session : sessions) {
      if (!session.hasEnded()) {
        detach(session);
      }
    }
    List<Writeback> all = rules.stream().map(MountedRule::writeback).toList();
    new Drain(all, "").await(request.stopTimeout(), request.stopTimeout(), Drain.Watcher.NONE);
    return end(say);
  }

  private static void detach(MountSession session) {
    try {
      session.unmount(false);
    } catch (IOException busy) {
      LOG.warn("{}; it is detached", busy.getMessage());
      try {
        session.unmount(true);
      } catch (IOException e) {
        LOG.warn("{}", e.getMessage());
      }
    }
  }

  private boolean end(Consumer<String> say) throws IOException {
    Message left = new Drain(rules.stream().map(MountedRule::writeback).toList(), "").state();
    close();
    boolean nothing = left.number("operations") == 0 && left.number("files") == 0;
    if (!nothing) {
      say.accept(Leftovers.sentence(left));
    }
    return nothing;
  }

  /** Unmounts lazily where still mounted, leaves what is pending in the journal, frees all. */
  @Override
  public void close() {
    synchronized (this) {
      if (closing) {
        return;
      }
      closing = true;
    }
    sessions.forEach(s -> s.binding().close());
    parts.close();
    try {
      folder.unregister(pid);
    } catch (IOException e) {
      LOG.warn("the runtime folder was not cleaned: {}", e.getMessage());
    }
    closed.countDown();
    // Last, because a client that waits for the end takes the closing of its connection for it.
    control.close();
  }
}
