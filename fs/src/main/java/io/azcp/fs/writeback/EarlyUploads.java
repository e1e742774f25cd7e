package io.azcp.fs.writeback;

import io.azcp.base.glob.Glob;
import io.azcp.base.posix.Fd;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.engine.EarlyBlocks;
import io.azcp.transfer.engine.EarlyUploader;
import io.azcp.transfer.engine.FileBodies;
import io.azcp.transfer.engine.Upload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends finished blocks of files that are still being written, where the rule names them: a block
 * is finished once data follow it without a hole. Nothing of this is journaled, and nothing relies
 * on it: the commit compares each block with what was sent of it, and what was sent under a name
 * that the file has no more, or before the daemon died, is sent again. One thread.
 */
final class EarlyUploads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EarlyUploads.class);
  private static final long LOOK_MILLIS = 100;
  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** A commit waits at most so long for blocks that are under way. */
  private static final long UNDER_WAY_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final long CLOSE_MILLIS = 10_000;

  /** Blocks of one file before the next file has its turn. */
  private static final int TURN = 16;

  private final Ledger ledger;
  private final Remote remote;
  private final EarlyUploader uploader;
  private final Glob names;
  private final Thread thread = new Thread(this::work, "azcp-early-upload");

  /** Guarded by this object's monitor, as is what it holds. */
  private final Map<StagedFile, Sent> sent = new HashMap<>();

  private boolean closed;

  /** What was sent of a file, and under which name. */
  private static final class Sent {
    final String name;
    final EarlyBlocks blocks = new EarlyBlocks();
    boolean busy;
    long notBefore = System.nanoTime();

    Sent(String name) {
      this.name = name;
    }
  }

  /** A file that is being written. */
  private record Candidate(StagedFile file, String name, long size) {}

  EarlyUploads(Ledger ledger, Remote remote, EarlyUploader uploader) {
    this.ledger = ledger;
    this.remote = remote;
    this.uploader = uploader;
    this.names = ledger.options.policy().earlyUpload().orElse(null);
    thread.setDaemon(true);
  }

  void start() {
    if (names != null) {
      thread.start();
    }
  }

  private void work() {
    while (pause()) {
      boolean more = true;
      while (more) {
        more = false;
        for (Candidate each : candidates()) {
          more |= send(each);
        }
      }
    }
  }

  /** Waits a little; false at the end. */
  private synchronized boolean pause() {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);
    while (!closed && until - System.nanoTime() > 0) {
      waitUntil(until);
    }
    return !closed;
  }

  /** Called in loops that look at what is awaited. */
  @SuppressWarnings("WaitNotInLoop")
  private synchronized void waitUntil(long nanos) {
    try {
      wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos - System.nanoTime())));
    } catch (InterruptedException e) {
      LOG.debug("nobody interrupts these threads", e);
    }
  }

  private List<Candidate> candidates() {
    List<Candidate> found = new ArrayList<>();
    List<StagedFile> live = new ArrayList<>();
    ledger.lock.lock();
    try {
      for (Entry e : ledger.entries()) {
        StagedFile local = e.local;
        if (local == null || e.name.isEmpty()) {
          continue;
        }
        live.add(local);
        if (local.writable() && mine(local, e)) {
          Stamp stamp = local.stampQuietly();
          found.add(new Candidate(local, e.name, stamp == null ? 0 : stamp.size()));
        }
      }
    } finally {
      ledger.lock.unlock();
    }
    synchronized (this) {
      sent.keySet().retainAll(live);
    }
    return found;
  }

  /** Whether nobody else writes under the name, and no commit of the file is under way. */
  private boolean mine(StagedFile local, Entry entry) {
    Operation upload = local.upload();
    return entry.kind == Entry.Kind.FILE
        && upload != null
        && !upload.running
        && upload.name.equals(entry.name)
        && ledger.queue.line(entry.name).iterator().next() == upload
        && names.matches(entry.name);
  }

  /** Sends the next blocks of a file; answers whether there may be more. */
  private boolean send(Candidate file) {
    Sent state = begin(file);
    if (state == null) {
      return false;
    }
    boolean more = false;
    long pause = TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);
    try {
      more = stage(file, state);
      pause = more ? 0 : pause;
    } catch (IOException e) {
      LOG.debug("blocks of {} are sent at its close: {}", file.name(), e.getMessage());
      pause = AGAIN_NANOS;
    } finally {
      end(state, pause);
    }
    return more;
  }

  private synchronized Sent begin(Candidate file) {
    Sent state = sent.get(file.file());
    boolean other =
        state == null
            || !state.name.equals(file.name())
            || file.size() < uploader.next(state.blocks);
    if (other) {
      state = new Sent(file.name());
      sent.put(file.file(), state);
    }
    if (closed || state.notBefore - System.nanoTime() > 0) {
      return null;
    }
    state.busy = true;
    return state;
  }

  private synchronized void end(Sent state, long pauseNanos) {
    state.busy = false;
    state.notBefore = System.nanoTime() + pauseNanos;
    notifyAll();
  }

  private boolean stage(Candidate file, Sent state) throws IOException {
    long from = uploader.next(state.blocks);
    if (file.size() <= from) {
      return false;
    }
    int fd = Fd.open(file.file().staging.path, Fd.O_RDONLY, 0);
    try {
      // The last byte before the hole may be followed by others of its block.
      long finished = Math.max(0, Fd.seekHole(fd, from) - 1);
      int begun =
          uploader.stage(
              remote.container,
              remote.blobName(file.name()),
              FileBodies.of(fd, finished, file.name()),
              state.blocks,
              TURN);
      return begun == TURN;
    } finally {
      Fd.close(fd);
    }
  }

  /**
   * Uploads a file of which something was sent early.
   *
   * @param name what the blob is called, relative to the rule
   * @return what was committed; empty, and nothing was, where all has to be sent
   */
  Optional<BlobProperties> upload(StagedFile file, String name, Upload upload) throws IOException {
    EarlyBlocks blocks = settled(file, name);
    return blocks == null ? Optional.empty() : uploader.upload(upload, blocks);
  }

  /** What was sent under the name, once nothing is under way; null for nothing. */
  private synchronized EarlyBlocks settled(StagedFile file, String name) {
    long deadline = System.nanoTime() + UNDER_WAY_NANOS;
    Sent state = sent.get(file);
    while (state != null && state.busy && deadline - System.nanoTime() > 0) {
      waitUntil(deadline);
    }
    return state == null || state.busy || !state.name.equals(name) ? null : state.blocks;
  }

  /** What was sent of the file is committed, or has been discarded with the commit. */
  synchronized void forget(StagedFile file) {
    sent.remove(file);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
