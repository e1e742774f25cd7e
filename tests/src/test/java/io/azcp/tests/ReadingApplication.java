package io.azcp.tests;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** A thread that opens, reads, maps and closes files of one mount at random, and checks it all. */
final class ReadingApplication {
  private static final int OPEN_FILES = 4;
  private static final long LIMIT_SECONDS = 240;

  private final VersionedFiles files;
  private final RestartedMount mount;
  private final Random random;
  private final BooleanSupplier over;
  private final List<ReadingFile> open = new ArrayList<>();
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final Thread thread;
  private volatile ReadingFile busyWith;
  private final AtomicInteger read = new AtomicInteger();
  private int gone;
  private int replaced;

  private ReadingApplication(
      VersionedFiles files, RestartedMount mount, long seed, BooleanSupplier over) {
    this.files = files;
    this.mount = mount;
    this.random = new Random(seed);
    this.over = over;
    this.thread = new Thread(this::run, "application-" + mount);
    thread.setDaemon(true);
  }

  /** Starts one; it goes on until told, or until something is wrong. */
  static ReadingApplication start(
      VersionedFiles files, RestartedMount mount, long seed, AtomicBoolean over) {
    var started = new ReadingApplication(files, mount, seed, over::get);
    mount.enter();
    started.thread.start();
    return started;
  }

  private void run() {
    try {
      while (!over.getAsBoolean()) {
        if (mount.wantsQuiet()) {
          closeAll();
          mount.awaitUp();
        }
        step();
      }
      done.complete(null);
    } catch (InterruptedException | RuntimeException | Error e) {
      done.completeExceptionally(e);
    } finally {
      closeAll();
      mount.leave();
    }
  }

  private void step() {
    ReadingFile file = null;
    try {
      if (open.isEmpty() || (open.size() < OPEN_FILES && random.nextInt(4) == 0)) {
        open.add(new ReadingFile(files, mount, random.nextInt(files.count())));
      }
      file = open.get(random.nextInt(open.size()));
      busyWith = file;
      if (random.nextInt(8) == 0) {
        file.readAll();
      } else {
        file.read(random);
      }
      read.incrementAndGet();
      if (random.nextInt(12) == 0) {
        open.remove(file);
        file.close();
      }
    } catch (ReadingFile.Replaced e) {
      replaced++;
      if (file != null) {
        open.remove(file);
        file.close();
      }
    } catch (ReadingFile.Gone e) {
      gone++;
      closeAll();
    } finally {
      busyWith = null;
    }
  }

  private void closeAll() {
    open.forEach(ReadingFile::close);
    open.clear();
  }

  /** Whether it has ended because something was wrong. */
  boolean failed() {
    return done.isCompletedExceptionally();
  }

  /** Waits for its end; fails if anything was wrong, or if it hangs. */
  void join() throws Exception {
    try {
      done.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new AssertionError("it hangs: " + busyWith, e);
    }
  }

  /** Reads that went well. */
  int reads() {
    return read.get();
  }

  /** Times that its files were lost with the daemon. */
  int gone() {
    return gone;
  }

  /** Times that a version could be had no more. */
  int replaced() {
    return replaced;
  }
}
