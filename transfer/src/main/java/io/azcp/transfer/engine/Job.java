package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.UsageException;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.ServiceException;
import io.azcp.transfer.blob.TransportException;
import io.azcp.transfer.identity.IdentityException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A walk over a source whose files are moved while it goes on. One file's failure is told and
 * counted and does not stop the others; a failure that every file would meet (credential,
 * container, connection, space) ends the job. A job runs once.
 */
public abstract sealed class Job
    permits UploadJob,
        DownloadJob,
        ServerCopyJob,
        RemovalJob,
        SyncJob,
        StreamUpload,
        StreamDownload {
  final BlobService service;
  final TransferOptions options;
  final TransferStats stats = new TransferStats();
  final Set<Path> temporaries = ConcurrentHashMap.newKeySet();
  final Leftovers leftovers = new Leftovers();
  private final List<Landing> landings = new CopyOnWriteArrayList<>();
  private final List<StreamBuffers> buffers = new CopyOnWriteArrayList<>();
  private final TransferEvents events;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Object telling = new Object();
  private TransferEvents.Answer standing;
  private volatile Workers workers;
  private volatile AzcpException fatal;
  private volatile boolean cancelled;

  Job(BlobService service, TransferOptions options, TransferEvents events) {
    this.service = service;
    this.options = options;
    this.events = events;
  }

  /** What one file's part of the job does. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  /** Walks the source and gives its files to the schedule. */
  abstract Outcome plan(Schedule schedule, Workers team) throws IOException;

  /**
   * Does it all.
   *
   * @throws IOException what ended the job before its end: the source is not there, nothing
   *     matched, or no file could be moved any more; what was moved until then is in {@link
   *     #stats}. Failures of single files are not thrown.
   */
  public final Outcome run() throws IOException {
    stats.start();
    int groups = options.workers();
    try (Workers team =
            new Workers(
                "azcp-transfer", groups * options.concurrency(), options.limits()::concurrency);
        Schedule schedule = new Schedule(team, groups * options.parallelFiles())) {
      workers = team;
      if (cancelled) {
        throw UnitGroup.cancelled();
      }
      Outcome outcome = plan(schedule, team);
      schedule.await();
      throwFatal();
      checkGoing();
      leftovers.remove();
      for (Landing landing : landings) {
        landing.settle();
      }
      return outcome;
    } catch (IOException e) {
      throwFatal();
      throw e;
    } finally {
      for (Landing landing : landings) {
        landing.close();
      }
      buffers.forEach(StreamBuffers::close);
      stats.stop();
      ended.countDown();
    }
  }

  private void throwFatal() throws AzcpException {
    if (fatal != null) {
      throw fatal;
    }
  }

  /** What is done so far. */
  public final TransferStats stats() {
    return stats;
  }

  /**
   * Ends the job from another thread, as on a signal. Requests under way end by themselves, or at
   * once when the service is closed.
   */
  public final void cancel() {
    cancelled = true;
    Workers team = workers;
    if (team != null) {
      team.stop();
    }
  }

  /**
   * Waits for the end after {@link #cancel()} and removes what temporaries still lie there that no
   * later run can go on with.
   *
   * @param limitMillis how long to wait for units that are still running
   */
  public final void awaitEnd(long limitMillis) throws InterruptedException {
    boolean done = ended.await(limitMillis, TimeUnit.MILLISECONDS);
    if (!done) {
      for (Path path : temporaries) {
        removeQuietly(path);
      }
    }
  }

  private static void removeQuietly(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // The process is being ended; the name says to anybody that the file may go.
      return;
    }
  }

  /** Whether nothing more is to be moved. */
  final boolean isOver() {
    return cancelled || fatal != null;
  }

  /** Throws {@code ECANCELED} once the job is over; asked between pieces. */
  final void checkGoing() throws AzcpException {
    if (isOver()) {
      throw UnitGroup.cancelled();
    }
  }

  /** Does one file's part, telling and counting its failure. */
  final void attempt(String name, Work work) {
    if (isOver()) {
      return;
    }
    try {
      work.run();
    } catch (IOException e) {
      fail(name, e);
    } catch (RuntimeException e) {
      fail(name, new AzcpException(Errno.EIO, name + ": failed unexpectedly: " + e, e));
    }
  }

  /** Notes where files come down, to be settled once all have. */
  final void comesDown(Landing landing) {
    landings.add(landing);
  }

  /** Notes buffers that the job needs to its end. */
  final void holds(StreamBuffers held) {
    buffers.add(held);
  }

  /** Whether the options take a file. */
  final boolean accepts(String name, long lastModified) {
    return options.filter().accepts(name, lastModified);
  }

  /** Counts a file that is whole at its destination. */
  final void done(String name, long bytes) {
    done(name, bytes, bytes);
  }

  /** The same for one of which an earlier run has brought a part. */
  final void done(String name, long bytes, long moved) {
    stats.files.increment();
    stats.bytes.add(moved);
    ended(new FileResult(name, FileResult.Status.DONE, bytes, ""));
  }

  /** Leaves what came of a file to a later run, unless what ended it would end that, too. */
  final void keep(RangedFile file, IOException why) {
    IOException reason = fatal == null ? why : fatal;
    boolean passes =
        cancelled
            || reason instanceof TransportException
            || reason instanceof IdentityException
            || (reason instanceof ServiceException refused && refused.errno() != Errno.ENOENT);
    long bytes = file == null || !passes ? 0 : file.keep();
    if (bytes > 0) {
      stats.keptFiles.increment();
      stats.keptBytes.add(bytes);
    }
  }

  /** Counts a file that was left alone on purpose. */
  final void skip(String name, long bytes) {
    stats.skipped.increment();
    ended(new FileResult(name, FileResult.Status.SKIPPED, bytes, ""));
  }

  /** Counts a file that was removed. */
  final void deleted(String name, long bytes) {
    stats.files.increment();
    ended(new FileResult(name, FileResult.Status.DELETED, bytes, ""));
  }

  /** Tells and counts the failure of one file. */
  final void fail(String name, IOException e) {
    if (isOver()) {
      return;
    }
    AzcpException failure =
        e instanceof AzcpException known
            ? known
            : new AzcpException(Errno.EIO, name + ": " + e.getMessage(), e);
    stats.failed.increment();
    String text = failure.getMessage();
    String sentence = text.contains(name) ? text : name + ": " + text;
    boolean all = concernsAll(failure);
    synchronized (telling) {
      if (all) {
        fatal = fatal == null ? failure : fatal;
      } else {
        events.failed(sentence);
      }
      events.ended(new FileResult(name, FileResult.Status.FAILED, 0, sentence));
    }
    if (all) {
      workers.stop();
    }
  }

  private void ended(FileResult result) {
    synchronized (telling) {
      events.ended(result);
    }
  }

  /**
   * Whether a file at the destination may be replaced, as the user says; asks once for many where
   * the answer is for all.
   */
  final boolean mayReplace(String name) throws IOException {
    synchronized (telling) {
      checkGoing();
      TransferEvents.Answer answer = standing == null ? events.ask(name) : standing;
      if (answer == TransferEvents.Answer.ALWAYS || answer == TransferEvents.Answer.NEVER) {
        standing = answer;
      }
      return answer == TransferEvents.Answer.YES || answer == TransferEvents.Answer.ALWAYS;
    }
  }

  final void warn(String sentence) {
    synchronized (telling) {
      events.warned(sentence);
    }
  }

  final void planned(String name) {
    synchronized (telling) {
      events.planned(name);
    }
  }

  final void plannedDeletion(String name) {
    synchronized (telling) {
      events.plannedDeletion(name);
    }
  }

  /** Whether files may be removed from the destination, as the user says. */
  final boolean mayDelete(long files, List<String> first) throws IOException {
    synchronized (telling) {
      return events.mayDelete(files, first);
    }
  }

  /** Whether every other file would fail in the same way. */
  private static boolean concernsAll(AzcpException e) {
    if (e instanceof UsageException) {
      return true;
    }
    if (e instanceof ServiceException refused) {
      return refused.errno() == Errno.EACCES || refused.code().startsWith("Container");
    }
    if (e instanceof IdentityException || (e instanceof TransportException t && !t.retryable())) {
      return true;
    }
    return switch (e.errno()) {
      case ENOSPC, EDQUOT, EROFS, EHOSTDOWN, EMFILE -> true;
      default -> false;
    };
  }
}
