package io.azcp.prefetch;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.cache.Cache;
import io.azcp.cache.CachedFile;
import io.azcp.prefetch.BlobNames.File;
import io.azcp.prefetch.BlobNames.Found;
import io.azcp.prefetch.BlobNames.Many;
import io.azcp.prefetch.BlobNames.Page;
import io.azcp.prefetch.PrepareResult.Failure;
import io.azcp.transfer.engine.Workers;
import io.azcp.transfer.engine.Workers.Urgency;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * One preparation: an event loop on the caller's thread. Look-ups, listing pages and fills run on
 * the workers and post what came of them as events; all state is touched by the loop alone.
 *
 * <p>Missing files wait in a window of bounded size, from which the largest goes first: so the long
 * ones do not trail at the end, and memory does not grow with the number of files. The next page is
 * asked for when the window has room.
 */
final class PrepareRun {
  /** Missing files known ahead; a page more may come on top. */
  static final int WINDOW = 4096;

  /** Files being filled at a time: enough that workers never wait for the loop. */
  private static final int FILES_IN_FLIGHT = 64;

  private static final int LOOKUPS_IN_FLIGHT = 8;
  private static final long TICK_MILLIS = 200;

  /** Longer than every deadline of a single request with its retries. */
  private static final long STALL_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final BlobNames names;
  private final Cache cache;
  private final Workers workers;
  private final Predicate<String> changedHere;
  private final boolean pin;
  private final PrepareListener listener;
  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Deque<String> paths = new ArrayDeque<>();
  private final Deque<Enumeration> listings = new ArrayDeque<>();
  private final int window;
  private final PriorityQueue<Wanted> waiting =
      new PriorityQueue<>(
          Comparator.comparingLong((Wanted w) -> w.version().length())
              .reversed()
              .thenComparing(Wanted::name));
  private final Set<Filling> filling = new HashSet<>();
  private final Set<String> inFlight = new HashSet<>();
  private final Set<String> replaced = new HashSet<>();
  private final List<Failure> failures = new ArrayList<>();
  private int lookups;
  private int opening;
  private long limitBytes;
  private long admittedBytes;
  private long files;
  private long bytes;
  private long filesThere;
  private long bytesThere;
  private long filesSkipped;
  private long filesFailed;
  private long filesKnown;
  private long bytesKnown;

  PrepareRun(
      BlobNames names,
      Cache cache,
      Workers workers,
      Predicate<String> changedHere,
      boolean pin,
      PrepareListener listener,
      int window) {
    this.names = names;
    this.cache = cache;
    this.workers = workers;
    this.changedHere = changedHere;
    this.pin = pin;
    this.listener = listener;
    this.window = window;
  }

  /** Something that happened on a worker, told to the loop. */
  private interface Event {
    void handle() throws IOException;
  }

  /** A file being filled; {@code before} bytes of it were there. */
  private static final class Filling {
    final Wanted wanted;
    final CachedFile file;
    final long before;

    Filling(Wanted wanted, CachedFile file) {
      this.wanted = wanted;
      this.file = file;
      this.before = file.presentBytes();
    }
  }

  PrepareResult run(List<String> wantedPaths) throws IOException {
    limitBytes = cache.capacityBytes();
    paths.addAll(wantedPaths);
    try {
      loop();
    } finally {
      paths.clear();
      listings.clear();
      waiting.clear();
      drain();
    }
    return new PrepareResult(
        files, bytes, filesThere, bytesThere, filesSkipped, filesFailed, failures);
  }

  private void loop() throws IOException {
    long last = -1;
    long changed = System.nanoTime();
    while (true) {
      startAll();
      if (idle()) {
        listener.progress(files, bytes, filesKnown, bytesKnown);
        return;
      }
      handleEvents();
      long now = bytesSoFar();
      listener.progress(files, now, filesKnown, bytesKnown);
      if (now + filesKnown != last) {
        last = now + filesKnown;
        changed = System.nanoTime();
      } else if (System.nanoTime() - changed > STALL_NANOS) {
        throw new AzcpException(
            Errno.ETIMEDOUT, "prepare made no progress for ten minutes; see azcp status");
      }
    }
  }

  private boolean idle() {
    return lookups == 0 && opening == 0 && filling.isEmpty();
  }

  /** Waits for at most a tick, then handles what has come until a tick is over. */
  private void handleEvents() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
    try {
      Event event;
      while ((event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) != null) {
        event.handle();
        startAll();
        if (idle()) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AzcpException(Errno.EINTR, "prepare was interrupted", e);
    }
  }

  /** After a failure: waits for files under way, so that none is left open. */
  private void drain() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    boolean interrupted = false;
    while (opening + filling.size() > 0 && System.nanoTime() < deadline) {
      try {
        Event event = events.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
        if (event != null) {
          event.handle();
        }
      } catch (InterruptedException e) {
        interrupted = true;
        break;
      } catch (IOException e) {
        countFailure("", e);
      }
    }
    for (Filling f : filling) {
      f.file.close();
    }
    filling.clear();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private long bytesSoFar() {
    long sum = bytes;
    for (Filling f : filling) {
      sum += Math.max(0, f.file.presentBytes() - f.before);
    }
    return sum;
  }

  private void startAll() throws AzcpException {
    while (opening + filling.size() < FILES_IN_FLIGHT && !waiting.isEmpty()) {
      fill(waiting.poll());
    }
    while (waiting.size() < window && lookups < LOOKUPS_IN_FLIGHT && !listings.isEmpty()) {
      nextPage(listings.poll());
    }
    while (waiting.size() < window && lookups < LOOKUPS_IN_FLIGHT && !paths.isEmpty()) {
      find(paths.poll());
    }
  }

  // ---- what is wanted

  /** A question to the service, asked by a worker. */
  private interface Question<T> {
    T ask() throws IOException;
  }

  /** Takes the answer, in the loop. */
  private interface Answer<T> {
    void take(T value) throws IOException;
  }

  private <T> void ask(Question<T> question, Answer<T> answer) throws AzcpException {
    try {
      workers.submit(Urgency.URGENT, () -> post(question, answer));
    } catch (RejectedExecutionException e) {
      throw ended(e);
    }
    lookups++;
  }

  private static AzcpException ended(RejectedExecutionException cause) {
    return new AzcpException(Errno.ECANCELED, "prepare was stopped by the end of the mount", cause);
  }

  /** On a worker: asks, and posts the answer or what went wrong. */
  private <T> void post(Question<T> question, Answer<T> answer) {
    Event outcome;
    try {
      T value = question.ask();
      outcome = () -> answer.take(value);
    } catch (IOException e) {
      outcome = () -> raise(e);
    } catch (RuntimeException e) {
      outcome = () -> raise(e);
    }
    Event told = outcome;
    events.add(
        () -> {
          lookups--;
          told.handle();
        });
  }

  private static <E extends Exception> void raise(E failure) throws E {
    throw failure;
  }

  private void find(String path) throws AzcpException {
    ask(() -> names.find(path), found -> found(path, found));
  }

  private void found(String path, Optional<Found> found) {
    if (found.isEmpty()) {
      missing(path);
    } else if (found.get() instanceof File file) {
      offer(file.wanted());
    } else if (found.get() instanceof Many many) {
      listings.add(new Enumeration(path, many.listing(), this::offer));
    }
  }

  private void missing(String path) {
    if (changedHere.test(path)) {
      filesThere++;
      return;
    }
    String what = PathGlob.isGlob(path) ? "no file matches " : "there is no file or directory ";
    countFailure(path, new AzcpException(Errno.ENOENT, what + path));
  }

  private void nextPage(Enumeration listing) throws AzcpException {
    ask(() -> names.page(listing.listing(), listing.marker()), (Page page) -> took(listing, page));
  }

  private void took(Enumeration listing, Page page) {
    if (listing.take(page)) {
      listings.addFirst(listing);
      return;
    }
    filesSkipped += listing.skipped();
    if (!listing.found()) {
      missing(listing.path());
    }
  }

  private void offer(Wanted wanted) {
    try {
      if (pin) {
        cache.pin(wanted.name());
      }
      if (changedHere.test(wanted.name()) || cache.isWhole(wanted.name(), wanted.version())) {
        there(wanted);
        return;
      }
    } catch (IOException e) {
      countFailure(wanted.name(), e);
      return;
    }
    filesKnown++;
    bytesKnown += wanted.version().length();
    waiting.add(wanted);
  }

  private void there(Wanted wanted) {
    filesThere++;
    bytesThere += wanted.version().length();
    admittedBytes += wanted.version().length();
  }

  // ---- filling

  private void fill(Wanted wanted) throws AzcpException {
    long length = wanted.version().length();
    if (!inFlight.add(wanted.name())) {
      foundWhole(length);
      return;
    }
    if (admittedBytes + length > limitBytes) {
      inFlight.remove(wanted.name());
      countFailure(
          wanted.name(),
          new AzcpException(
              Errno.ENOSPC,
              wanted.name()
                  + " does not fit: what is prepared would exceed the "
                  + limitBytes
                  + " bytes that its limit and its disk leave to the cache; raise the limit or"
                  + " prepare less"));
      return;
    }
    admittedBytes += length;
    try {
      workers.submit(Urgency.BULK, () -> open(wanted));
    } catch (RejectedExecutionException e) {
      throw ended(e);
    }
    opening++;
  }

  /** On a worker, because making a file takes the disk longer than the loop can spare. */
  private void open(Wanted wanted) {
    CachedFile file;
    try {
      file = cache.open(wanted.name(), wanted.version());
    } catch (IOException e) {
      events.add(() -> opened(wanted, null, e));
      return;
    }
    Filling now = new Filling(wanted, file);
    events.add(() -> opened(wanted, now, null));
    file.ensure(
        0,
        wanted.version().length(),
        false,
        new CachedFile.FaultListener() {
          @Override
          public void ready() {
            events.add(() -> filled(now, null));
          }

          @Override
          public void failed(AzcpException reason) {
            events.add(() -> filled(now, reason));
          }
        });
  }

  private void opened(Wanted wanted, Filling now, IOException failure) {
    opening--;
    if (failure == null) {
      filling.add(now);
      return;
    }
    inFlight.remove(wanted.name());
    admittedBytes -= wanted.version().length();
    countFailure(wanted.name(), failure);
  }

  private void filled(Filling done, AzcpException failure) throws AzcpException {
    if (!filling.remove(done)) {
      return;
    }
    inFlight.remove(done.wanted.name());
    done.file.close();
    long length = done.wanted.version().length();
    if (failure == null) {
      filled(length, done.before);
      return;
    }
    admittedBytes -= length;
    if (failure.errno() == Errno.ESTALE && replaced.add(done.wanted.name())) {
      again(done.wanted);
    } else {
      countFailure(done.wanted.name(), failure);
    }
  }

  private void filled(long length, long before) {
    if (length > 0 && before == length) {
      foundWhole(length);
      return;
    }
    files++;
    bytes += length - before;
  }

  /** Whole since it was looked at: named twice, or fetched by somebody else. */
  private void foundWhole(long length) {
    filesKnown--;
    bytesKnown -= length;
    filesThere++;
    bytesThere += length;
  }

  /** The blob was replaced since it was listed: its new version is fetched instead, once. */
  private void again(Wanted old) throws AzcpException {
    filesKnown--;
    bytesKnown -= old.version().length();
    ask(
        () -> names.file(old.name()),
        now -> {
          if (now.isPresent()) {
            offer(now.get());
          } else {
            missing(old.name());
          }
        });
  }

  private void countFailure(String name, IOException reason) {
    filesFailed++;
    if (failures.size() < PrepareResult.FAILURES_TOLD) {
      failures.add(new Failure(name, AzcpException.errnoOf(reason), reason.getMessage()));
    }
  }
}
