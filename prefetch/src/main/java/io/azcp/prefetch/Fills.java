package io.azcp.prefetch;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.cache.Cache;
import io.azcp.cache.CachedFile;
import io.azcp.transfer.engine.Workers.Urgency;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** Makes files whole in the cache, many at a time. Touched by the preparation's loop alone. */
final class Fills {
  /** Files being filled at a time: enough that workers never wait for the loop. */
  private static final int IN_FLIGHT = 64;

  private final Events events;
  private final Cache cache;
  private final Tally tally;
  private final Ends ends;
  private final Set<Filling> filling = new HashSet<>();
  private final Set<String> inFlight = new HashSet<>();
  private int opening;

  /** Hears how files end. */
  interface Ends {
    /** A file is whole. */
    void whole(Wanted file) throws IOException;

    /** It could not be made whole. */
    void failed(Wanted file, AzcpException reason) throws IOException;
  }

  Fills(Events events, Cache cache, Tally tally, Ends ends) {
    this.events = events;
    this.cache = cache;
    this.tally = tally;
    this.ends = ends;
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

  boolean hasRoom() {
    return opening + filling.size() < IN_FLIGHT;
  }

  boolean idle() {
    return opening == 0 && filling.isEmpty();
  }

  /** Whether a file of that name is being filled. */
  boolean has(String name) {
    return inFlight.contains(name);
  }

  /** Bytes fetched of files that are not whole yet. */
  long bytes() {
    long sum = 0;
    for (Filling f : filling) {
      sum += Math.max(0, f.file.presentBytes() - f.before);
    }
    return sum;
  }

  /** Begins to fill a file that is not being filled. */
  void begin(Wanted wanted) throws AzcpException {
    events.submit(Urgency.BULK, () -> open(wanted));
    inFlight.add(wanted.name());
    opening++;
  }

  /** On a worker, because making a file takes the disk longer than the loop can spare. */
  private void open(Wanted wanted) {
    CachedFile file;
    try {
      file = cache.open(wanted.name(), wanted.version());
    } catch (IOException e) {
      AzcpException reason =
          new AzcpException(AzcpException.errnoOf(e), String.valueOf(e.getMessage()), e);
      events.add(() -> opened(wanted, null, reason));
      return;
    }
    Filling now = new Filling(wanted, file);
    events.add(() -> opened(wanted, now, null));
    file.ensure(
        0,
        wanted.length(),
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

  private void opened(Wanted wanted, Filling now, AzcpException failure) throws IOException {
    opening--;
    if (failure == null) {
      filling.add(now);
      return;
    }
    inFlight.remove(wanted.name());
    ends.failed(wanted, failure);
  }

  private void filled(Filling done, AzcpException failure) throws IOException {
    if (!filling.remove(done)) {
      return;
    }
    inFlight.remove(done.wanted.name());
    done.file.close();
    if (failure != null) {
      ends.failed(done.wanted, failure);
      return;
    }
    long length = done.wanted.length();
    if (length > 0 && done.before == length) {
      // Whole since it was looked at: fetched by somebody else.
      tally.known(-1, -length);
      tally.there(length);
    } else {
      tally.fetched(length - done.before);
    }
    ends.whole(done.wanted);
  }

  /** Gives up what is still being filled; what was fetched of it stays. */
  void close() {
    for (Filling f : filling) {
      f.file.close();
    }
    filling.clear();
  }

  /** The failure of a file that the cache has no room for. */
  static AzcpException noRoom(Wanted wanted, long limitBytes) {
    return new AzcpException(
        Errno.ENOSPC,
        wanted.name()
            + " does not fit: what is prepared would exceed the "
            + limitBytes
            + " bytes that its limit and its disk leave to the cache; raise the limit or prepare"
            + " less");
  }
}
