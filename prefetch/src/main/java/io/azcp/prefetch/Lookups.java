package io.azcp.prefetch;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.prefetch.BlobNames.File;
import io.azcp.prefetch.BlobNames.Found;
import io.azcp.prefetch.BlobNames.Many;
import io.azcp.prefetch.BlobNames.Page;
import io.azcp.prefetch.NamedFiles.Asked;
import io.azcp.transfer.engine.Workers.Urgency;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the names of a preparation into files: asks the service, on the workers, what they are, and
 * lists directories page by page. Touched by the preparation's loop alone.
 */
final class Lookups implements NamedFiles.Ways {
  private static final Logger LOG = LoggerFactory.getLogger(Lookups.class);

  private static final int IN_FLIGHT = 8;

  /** Names of files are one small request each, and many. */
  private static final int FILES_IN_FLIGHT = 32;

  /** Answers from listings that wait for the loop. */
  private static final int MOST_TOLD = 256;

  private final Events events;
  private final BlobNames blobs;
  private final Predicate<String> changedHere;
  private final Tally tally;
  private final Consumer<Wanted> receiver;
  private final Deque<Enumeration> listings = new ArrayDeque<>();
  private final NamedFiles named = new NamedFiles();

  /** Names that no listing tells. */
  private final Deque<Asked> alone = new ArrayDeque<>();

  private PrepareNames names;
  private PrepareNames.Name next;
  private long rank;
  private int asked;
  private int told;

  Lookups(
      Events events,
      BlobNames blobs,
      Predicate<String> changedHere,
      Tally tally,
      Consumer<Wanted> receiver) {
    this.events = events;
    this.blobs = blobs;
    this.changedHere = changedHere;
    this.tally = tally;
    this.receiver = receiver;
  }

  void begin(PrepareNames wanted) throws IOException {
    names = wanted;
    tally.known(wanted.files(), wanted.bytes());
    next = names.next();
  }

  /** Asks the next questions, as many as may be under way. */
  void start() throws IOException {
    while (asked < IN_FLIGHT && !listings.isEmpty()) {
      nextPage(listings.poll());
    }
    while (asked < FILES_IN_FLIGHT && !alone.isEmpty()) {
      find(alone.poll());
    }
    while (next != null && asked < (next.file() ? FILES_IN_FLIGHT : IN_FLIGHT) && mayTake()) {
      Asked name = new Asked(next, rank++);
      next = names.next();
      if (name.name().file() && !name.name().path().endsWith("/")) {
        named.take(name, this);
      } else {
        find(name);
      }
    }
  }

  private boolean mayTake() {
    return alone.isEmpty() && named.hasRoom() && told < MOST_TOLD;
  }

  /** Whether nothing is left to be asked or answered. */
  boolean done() {
    return idle() && next == null && listings.isEmpty() && alone.isEmpty();
  }

  /** Whether no question is under way. */
  boolean idle() {
    return asked == 0 && told == 0;
  }

  /** Asks no more. */
  void stop() {
    next = null;
    listings.clear();
    alone.clear();
  }

  /** A question to the service, asked by a worker. */
  private interface Question<T> {
    T ask() throws IOException;
  }

  /** Takes the answer, in the loop. */
  private interface Answer<T> {
    void take(T value) throws IOException;
  }

  private <T> void ask(Question<T> question, Answer<T> answer) throws AzcpException {
    events.submit(Urgency.URGENT, () -> post(question, answer));
    asked++;
  }

  /** On a worker: asks, and posts the answer or what went wrong. */
  private <T> void post(Question<T> question, Answer<T> answer) {
    Events.Event outcome;
    try {
      T value = question.ask();
      outcome = () -> answer.take(value);
    } catch (IOException e) {
      outcome = () -> raise(e);
    } catch (RuntimeException e) {
      outcome = () -> raise(e);
    }
    Events.Event told = outcome;
    events.add(
        () -> {
          asked--;
          told.handle();
        });
  }

  private static <E extends Exception> void raise(E failure) throws E {
    throw failure;
  }

  private void find(Asked name) throws AzcpException {
    ask(() -> find(name.name()), found -> found(name.name(), name.rank(), found));
  }

  @Override
  public void told(Asked name, Wanted file) {
    told++;
    events.add(
        () -> {
          told--;
          found(name.name(), name.rank(), Optional.of(new File(file)));
        });
  }

  @Override
  public void alone(Asked name) {
    alone.add(name);
  }

  @Override
  public void list(String directory, String marker) throws AzcpException {
    ask(
        () -> listed(directory, marker),
        page -> {
          if (page.isPresent()) {
            named.took(directory, page.get(), this);
          } else {
            named.refused(directory, this);
          }
        });
  }

  /** On a worker. Who may not list may still ask for each name. */
  private Optional<Page> listed(String directory, String marker) {
    try {
      return Optional.of(blobs.page(Listing.directory(directory), marker));
    } catch (IOException e) {
      LOG.debug("{} is not listed, its files are asked for one by one", directory, e);
      return Optional.empty();
    }
  }

  /** On a worker. A name of a list is a file unless there is none. */
  private Optional<Found> find(PrepareNames.Name name) throws IOException {
    if (name.file() && !name.path().endsWith("/")) {
      Optional<Wanted> file = blobs.file(name.path());
      if (file.isPresent()) {
        return Optional.of(new File(file.get()));
      }
    }
    return blobs.find(name.path());
  }

  private void found(PrepareNames.Name name, long itsRank, Optional<Found> found) {
    if (name.file()) {
      // It was announced; from here on it is counted as what it is.
      tally.known(-1, -name.size());
    }
    if (found.isEmpty()) {
      missing(name.path());
    } else if (found.get() instanceof File file) {
      receiver.accept(file.wanted().ranked(itsRank));
    } else if (found.get() instanceof Many many) {
      listings.add(
          new Enumeration(name.path(), many.listing(), w -> receiver.accept(w.ranked(itsRank))));
    }
  }

  private void missing(String path) {
    if (changedHere.test(path)) {
      tally.there(0);
      return;
    }
    String what = PathGlob.isGlob(path) ? "no file matches " : "there is no file or directory ";
    tally.failed(path, new AzcpException(Errno.ENOENT, what + path));
  }

  private void nextPage(Enumeration listing) throws AzcpException {
    ask(() -> blobs.page(listing.listing(), listing.marker()), (Page page) -> took(listing, page));
  }

  private void took(Enumeration listing, Page page) {
    if (listing.take(page)) {
      listings.addFirst(listing);
      return;
    }
    tally.skipped(listing.skipped());
    if (!listing.found()) {
      missing(listing.path());
    }
  }

  /** The blob was replaced since it was listed: its new version is wanted instead. */
  void again(Wanted old) throws AzcpException {
    ask(
        () -> blobs.file(old.name()),
        now -> {
          if (now.isPresent()) {
            receiver.accept(now.get().ranked(old.rank()));
          } else {
            missing(old.name());
          }
        });
  }
}
