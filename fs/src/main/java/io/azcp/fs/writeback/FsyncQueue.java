package io.azcp.fs.writeback;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts files and the journal on stable storage, on its own threads: at once for fsync, within a few
 * seconds for what was closed. Every round syncs the files first, then appends that they are
 * durable, then syncs the journal, so a record never tells more than the disk holds.
 */
final class FsyncQueue implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FsyncQueue.class);
  private static final int THREADS = 4;

  /** More files than this are not synced one by one. */
  private static final int ONE_BY_ONE = 32;

  private static final long CLOSE_SECONDS = 10;

  private final Ledger ledger;

  /** Closes that wait for stable storage, and whether a round is on its way for them. */
  private final Map<StagedFile, List<LocalFile.Done>> closing = new LinkedHashMap<>();

  private boolean rounds;
  private final ScheduledThreadPoolExecutor threads;

  FsyncQueue(Ledger ledger) {
    this.ledger = ledger;
    this.threads =
        new ScheduledThreadPoolExecutor(
            THREADS,
            task -> {
              Thread t = new Thread(task, "azcp-fsync");
              t.setDaemon(true);
              return t;
            });
    threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Starts the rounds for what was closed. */
  void start() {
    long every = ledger.options.durableWithin().toMillis();
    var unused =
        threads.scheduleWithFixedDelay(this::background, every, every, TimeUnit.MILLISECONDS);
    if (!ledger.options.policy().uploadEvery().isZero()) {
      long looks = GrowingFiles.everyMillis(ledger.options);
      var growing = new GrowingFiles(ledger);
      var unusedToo =
          threads.scheduleWithFixedDelay(growing::run, looks, looks, TimeUnit.MILLISECONDS);
    }
  }

  /** fsync(2) of a file. */
  void sync(StagedFile file, LocalFile.Done done) {
    execute(
        () -> {
          AzcpException failure = null;
          try {
            if (ledger.options.fsyncRemote() && demand(file, done)) {
              return;
            }
            acknowledge(file);
            makeDurable(List.of(file));
          } catch (IOException e) {
            failure =
                e instanceof AzcpException a ? a : new AzcpException(Errno.EIO, e.getMessage(), e);
          }
          done.done(failure);
        },
        done);
  }

  /**
   * Puts an acknowledged file on stable storage before its close is answered. Closes that come
   * while a round is on its way share the next one.
   */
  void closed(StagedFile file, LocalFile.Done done) {
    synchronized (closing) {
      closing.computeIfAbsent(file, f -> new ArrayList<>()).add(done);
      if (rounds) {
        return;
      }
      rounds = true;
    }
    try {
      threads.execute(this::closeRounds);
    } catch (java.util.concurrent.RejectedExecutionException e) {
      answerClosed(new AzcpException(Errno.EIO, "the file system is being unmounted", e));
    }
  }

  private void closeRounds() {
    while (true) {
      Map<StagedFile, List<LocalFile.Done>> round;
      synchronized (closing) {
        if (closing.isEmpty()) {
          rounds = false;
          return;
        }
        round = new LinkedHashMap<>(closing);
        closing.clear();
      }
      AzcpException failure = null;
      try {
        makeDurable(List.copyOf(round.keySet()));
      } catch (IOException e) {
        failure =
            e instanceof AzcpException a ? a : new AzcpException(Errno.EIO, e.getMessage(), e);
      } catch (RuntimeException e) {
        failure = new AzcpException(Errno.EIO, "close did not reach the disk: " + e, e);
      }
      answer(round, failure);
    }
  }

  private void answerClosed(AzcpException failure) {
    Map<StagedFile, List<LocalFile.Done>> round;
    synchronized (closing) {
      rounds = false;
      round = new LinkedHashMap<>(closing);
      closing.clear();
    }
    answer(round, failure);
  }

  private static void answer(Map<StagedFile, List<LocalFile.Done>> round, AzcpException failure) {
    round.values().forEach(all -> all.forEach(done -> done.done(failure)));
  }

  /** Has the cache make room for who writes on a full disk, and tells when it has tried. */
  void makeRoom(LocalFile.Done done) {
    execute(
        () -> {
          ledger.space.makeRoom();
          done.done(null);
        },
        done);
  }

  /** Threads for what is long and local. */
  Executor threads() {
    return threads;
  }

  private void execute(Runnable task, LocalFile.Done done) {
    try {
      threads.execute(task);
    } catch (java.util.concurrent.RejectedExecutionException e) {
      done.done(new AzcpException(Errno.EIO, "the file system is being unmounted", e));
    }
  }

  /** Tells an outcome on another thread than the caller's. */
  void answer(LocalFile.Done done, AzcpException failure) {
    execute(() -> done.done(failure), done);
  }

  private boolean demand(StagedFile file, LocalFile.Done done) throws IOException {
    ledger.lock.lock();
    try {
      if (file.gone() || file.entry.name.isEmpty() || !file.unsent()) {
        return false;
      }
      file.acknowledge();
      file.demand(done);
      ledger.commit();
      return true;
    } finally {
      ledger.lock.unlock();
    }
  }

  private void acknowledge(StagedFile file) throws IOException {
    ledger.lock.lock();
    try {
      if (!file.gone() && !file.entry.name.isEmpty()) {
        file.acknowledge();
        ledger.commit();
      }
    } finally {
      ledger.lock.unlock();
    }
  }

  private void background() {
    List<StagedFile> due = new ArrayList<>();
    ledger.lock.lock();
    try {
      for (Entry e : ledger.entries()) {
        if (e.local != null && e.local.awaitsDisk()) {
          due.add(e.local);
        }
      }
    } finally {
      ledger.lock.unlock();
    }
    try {
      if (!due.isEmpty()) {
        makeDurable(due);
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("closed files are not on stable storage yet: {}", e.getMessage());
    }
  }

  private void makeDurable(List<StagedFile> files) throws IOException {
    Map<StagedFile, Stamp> synced = files.size() > ONE_BY_ONE ? syncAll(files) : syncEach(files);
    ledger.lock.lock();
    try {
      synced.forEach(StagedFile::durable);
      ledger.commit();
    } finally {
      ledger.lock.unlock();
    }
    ledger.log().sync();
  }

  private Map<StagedFile, Stamp> syncEach(List<StagedFile> files) throws IOException {
    Map<StagedFile, Stamp> synced = new LinkedHashMap<>();
    for (StagedFile file : files) {
      int fd = open(file);
      if (fd >= 0) {
        try {
          Stamp stamp = Stamp.of(Files.fstat(fd));
          Fd.syncData(fd);
          synced.put(file, stamp);
        } finally {
          Fd.close(fd);
        }
      }
    }
    return synced;
  }

  /**
   * Many small files are written back by one call for the whole file system. They are looked at by
   * their paths and without the lock: to open each under it would hold up those who write. A file
   * in memory has no disk to go to, and must not be the one that names the file system.
   */
  private Map<StagedFile, Stamp> syncAll(List<StagedFile> files) throws IOException {
    Map<StagedFile, Stamp> synced = new LinkedHashMap<>();
    int any = -1;
    try {
      for (StagedFile file : files) {
        boolean inMemory = MemoryStaging.holds(file.staging.path);
        Stamp stamp = any < 0 && !inMemory ? null : file.content().stampByPath();
        if (any < 0 && !inMemory) {
          any = open(file);
          stamp = any < 0 ? null : Stamp.of(Files.fstat(any));
        }
        if (stamp != null) {
          synced.put(file, stamp);
        }
      }
      if (any >= 0) {
        Fd.syncFileSystem(any);
      }
    } finally {
      Fd.close(any);
    }
    return synced;
  }

  /** Opens a file to be synced; negative when it has left meanwhile. */
  private int open(StagedFile file) throws IOException {
    ledger.lock.lock();
    try {
      boolean left = file.gone() || file.entry.name.isEmpty();
      return left ? -1 : Fd.open(file.staging.path, Fd.O_RDONLY, 0);
    } finally {
      ledger.lock.unlock();
    }
  }

  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("a sync to disk still runs; the disk is slow");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
