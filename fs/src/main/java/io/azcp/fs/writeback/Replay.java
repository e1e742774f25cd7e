package io.azcp.fs.writeback;

import io.azcp.base.posix.Files;
import io.azcp.base.posix.Stat;
import io.azcp.base.posix.Xattr;
import io.azcp.cache.journal.JournalRecord;
import io.azcp.config.StagingPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over what dead sessions left. The order makes it safe to be killed at any point: first our
 * journal gets all of their state and their names, synced, with the staging files where they lie;
 * then the files move to our folder; then their folders go. Whoever takes over after a kill in
 * between finds a file at its new place or at its old one, and does not read a journal twice.
 *
 * <p>Uploaded is only what was acknowledged (and, after a reboot, durable). Everything else goes to
 * {@code recovered/}: nobody was told that it is safe, and it may be torn.
 */
final class Replay {
  private static final Logger LOG = LoggerFactory.getLogger(Replay.class);
  static final String DATA = ".data";
  static final String NAME_ATTRIBUTE = "user.azcp.staging";

  private final Ledger ledger;
  private final FsyncQueue fsyncs;
  private final NameChanges names;
  private final Session own;
  private final MemoryStaging memory;
  private final Session.Folder sessions;
  private final StateRows.Session identity;
  private final List<String> recovered = new ArrayList<>();
  private final List<Writeback.Elsewhere> elsewhere = new ArrayList<>();
  private final Map<Entry, String> origins = new LinkedHashMap<>();

  Replay(
      Ledger ledger,
      FsyncQueue fsyncs,
      NameChanges names,
      Session own,
      MemoryStaging memory,
      Session.Folder sessions,
      StateRows.Session identity) {
    this.ledger = ledger;
    this.fsyncs = fsyncs;
    this.names = names;
    this.own = own;
    this.memory = memory;
    this.sessions = sessions;
    this.identity = identity;
  }

  /** What a dead session's journal tells. */
  private static final class State {
    StateRows.Session identity;
    boolean adopting;
    final Set<String> adopted = new HashSet<>();
    final Map<Long, StateRows.EntryRow> entries = new LinkedHashMap<>();
    final Map<Long, StateRows.OperationRow> operations = new java.util.TreeMap<>();
    final Set<Long> known = new HashSet<>();
  }

  /** Takes over every dead session; answers the names of files put into {@code recovered/}. */
  List<String> run() throws IOException {
    List<Session> dead = sessions.takeDead();
    Map<Session, State> states = new LinkedHashMap<>();
    Set<String> adopted = new HashSet<>();
    for (Session s : dead) {
      State state = read(s);
      if (foreign(s, state)) {
        s.close();
        continue;
      }
      if (state.identity != null) {
        identity.tookOver(state.identity);
      }
      states.put(s, state);
      adopted.addAll(state.adopted);
    }
    ledger.lock.lock();
    try {
      for (Map.Entry<Session, State> e : states.entrySet()) {
        if (!adopted.contains(e.getKey().name())) {
          restore(e.getValue());
        }
      }
      ledger.adopted(states.keySet().stream().map(Session::name).toList());
      for (Map.Entry<Entry, String> e : origins.entrySet()) {
        if (MemoryStaging.holds(e.getValue())) {
          memory.make();
        }
        Files.rename(e.getValue(), e.getKey().local.staging.path);
        e.getKey().local.staging.origin = null;
      }
      for (Operation o : ledger.queue.snapshot()) {
        if (o.entry.local != null) {
          o.entry.local.scheduleUpload();
        }
      }
    } finally {
      ledger.lock.unlock();
    }
    for (Map.Entry<Session, State> e : states.entrySet()) {
      sweep(e.getKey(), e.getValue());
      sweepMemory(e.getKey(), e.getValue());
      e.getKey().remove();
    }
    return recovered;
  }

  /** Sessions that belong to another place, and were left alone. */
  List<Writeback.Elsewhere> elsewhere() {
    return List.copyOf(elsewhere);
  }

  private boolean foreign(Session s, State state) throws IOException {
    if (state.identity == null || state.identity.place().equals(identity.place())) {
      return false;
    }
    if (!state.entries.isEmpty() || !state.operations.isEmpty() || !s.stagingFiles().isEmpty()) {
      elsewhere.add(new Writeback.Elsewhere(s.folder(), state.identity.place()));
    }
    return true;
  }

  private static State read(Session session) throws IOException {
    var state = new State();
    for (JournalRecord row : session.rows()) {
      switch (row.type()) {
        case StateRows.SESSION -> state.identity = StateRows.readSession(row.payload());
        case StateRows.ADOPTING -> state.adopting = true;
        case StateRows.ADOPTED -> state.adopted.addAll(StateRows.readAdopted(row.payload()));
        case StateRows.ENTRY -> {
          StateRows.EntryRow e = StateRows.readEntry(row.payload());
          state.entries.put(e.id(), e);
          state.known.add(e.id());
        }
        case StateRows.ENTRY_GONE -> state.entries.remove(StateRows.readGone(row.payload()));
        case StateRows.OPERATION -> {
          StateRows.OperationRow o = StateRows.readOperation(row.payload());
          state.operations.put(o.sequence(), o);
        }
        case StateRows.OPERATION_GONE -> state.operations.remove(StateRows.readGone(row.payload()));
        default ->
            throw new IOException(
                session.folder() + " was written by a newer azcp; mount with that one");
      }
    }
    if (state.adopting && state.adopted.isEmpty()) {
      // Killed in the middle: everything is still where it was adopted from.
      state.entries.clear();
      state.operations.clear();
    }
    return state;
  }

  private void restore(State state) throws IOException {
    boolean sameBoot = state.identity != null && state.identity.bootId().equals(identity.bootId());
    Map<Long, Entry> entries = new HashMap<>();
    Set<Long> withheld = new HashSet<>();
    for (StateRows.EntryRow row : state.entries.values()) {
      if (row.staging() == null || usable(row.staging(), sameBoot)) {
        entries.put(row.id(), restore(row));
      } else if (row.staging().attempt() != null && existing(row.staging()) == null) {
        if (MemoryStaging.holds(row.staging().path())) {
          lost(row);
        }
        entries.put(row.id(), restoreCommitted(row));
      } else {
        withheld.add(row.id());
        if (MemoryStaging.holds(row.staging().path())) {
          lost(row);
        } else if (row.staging().acknowledged() != null && existing(row.staging()) == null) {
          LOG.warn(
              "{} was closed, but {} is gone: it is not uploaded",
              row.name(),
              row.staging().path());
        }
      }
    }
    Map<String, Overlay.Slot> slots = new HashMap<>();
    for (StateRows.OperationRow row : state.operations.values()) {
      Entry entry = entries.get(row.entry());
      boolean done = row.kind() == Operation.Kind.UPLOAD && entry != null && entry.local == null;
      if (entry != null && !done && !withheld.contains(row.after())) {
        restore(row, entry, entries, slots);
      }
    }
    for (Entry entry : entries.values()) {
      finishRestoring(entry);
    }
  }

  /** What was in memory went with the machine; what is there still was never closed. */
  private void lost(StateRows.EntryRow row) {
    if (row.staging().acknowledged() == null
        || row.name().isEmpty()
        || existing(row.staging()) != null) {
      return;
    }
    LOG.warn("{} was closed, and was lost with the machine (staging: shm)", row.name());
    ledger.conflicts.add(new Writeback.Conflict(row.name(), "", System.currentTimeMillis()));
  }

  /** Whether the content may be uploaded. What was put into the cache or away already may not. */
  private boolean usable(StateRows.StagingRow staging, boolean sameBoot) {
    Stamp acknowledged = staging.acknowledged();
    return acknowledged != null
        && (sameBoot || acknowledged.equals(staging.durable()))
        && existing(staging) != null;
  }

  /** Where the content is: at its place, or where the session before had it; null for nowhere. */
  private String existing(StateRows.StagingRow staging) {
    String folder = own.folder();
    String all = folder.substring(0, folder.lastIndexOf('/') + 1);
    for (String each : Arrays.asList(staging.path(), staging.origin())) {
      String path = MemoryStaging.holds(each) ? each : all + each;
      if (each != null && Files.exists(path)) {
        return path;
      }
    }
    return null;
  }

  /**
   * What was sent and is here no more was committed: it left for the cache, and a power loss took
   * the record of that. What else is to be done with it is done with what the service has.
   */
  private Entry restoreCommitted(StateRows.EntryRow row) {
    String sentTo = row.staging().attempt().name();
    var kind = Entry.Kind.of(row.attributes());
    var entry = new Entry(ledger.newId(), kind, row.name(), sentTo, row.attributes());
    entry.metadata = row.metadata();
    entry.contentType = row.contentType();
    return ledger.add(entry);
  }

  private Entry restore(StateRows.EntryRow row) {
    var entry =
        new Entry(
            ledger.newId(),
            Entry.Kind.of(row.attributes()),
            row.name(),
            row.blob(),
            row.attributes());
    entry.version = row.version();
    entry.metadata = row.metadata();
    entry.contentType = row.contentType();
    entry.reattributed = row.reattributed();
    StateRows.StagingRow from = row.staging();
    if (from != null) {
      String origin = existing(from);
      boolean inMemory = MemoryStaging.holds(origin);
      String onDisk = own.folder() + "/" + entry.id + DATA;
      var staging = new Staging(inMemory ? memory.path(entry.id) : onDisk, from.linkTarget());
      staging.whole = from.whole();
      staging.exclusive = from.exclusive();
      staging.reattributed = from.reattributed();
      staging.acknowledged = from.acknowledged();
      staging.durable = from.durable();
      staging.original = from.original();
      staging.closedMillis = from.closedMillis();
      staging.attempt = from.attempt();
      staging.origin = origin;
      origins.put(entry, staging.origin);
      var file = new StagedFile(ledger, fsyncs, names, entry, staging);
      if (inMemory) {
        file.inMemory(memory, onDisk);
      }
    }
    return ledger.add(entry);
  }

  private void restore(
      StateRows.OperationRow row,
      Entry entry,
      Map<Long, Entry> entries,
      Map<String, Overlay.Slot> slots) {
    var operation =
        new Operation(
            ledger.newSequence(), row.kind(), entry, row.name(), row.from(), row.askedMillis());
    operation.target = row.target();
    operation.operationId = row.operationId();
    operation.copied = row.copied();
    operation.after = entries.get(row.after());
    ledger.enqueue(operation);
    for (StateRows.Hold hold : row.holds()) {
      String key = hold.name() + (hold.directory() == null ? "" : "/");
      Overlay.Slot slot =
          slots.computeIfAbsent(
              key,
              k ->
                  hold.directory() == null
                      ? ledger.overlay.removed(hold.name())
                      : ledger.overlay.directory(hold.name(), hold.directory()));
      ledger.overlay.hold(operation, slot);
    }
  }

  private void finishRestoring(Entry entry) {
    if (!entry.name.isEmpty()) {
      ledger.overlay.place(entry.name, entry);
    }
    if (entry.local != null && entry.local.upload() == null) {
      ledger.enqueue(Operation.Kind.UPLOAD, entry, entry.name, "");
    }
    if (entry.local == null && entry.operations.isEmpty()) {
      ledger.overlay.forget(entry);
      ledger.drop(entry);
    }
  }

  /** Deals with the staging files that nothing refers to. */
  private void sweep(Session session, State state) throws IOException {
    for (String file : session.stagingFiles()) {
      sweep(session.folder() + "/" + file, state);
    }
  }

  private void sweepMemory(Session session, State state) throws IOException {
    var old = new MemoryStaging(StagingPolicy.DISK, session.folder());
    for (String file : old.files()) {
      sweep(old.folder() + "/" + file, state);
    }
    old.remove();
  }

  private void sweep(String path, State state) throws IOException {
    long id = id(path.substring(path.lastIndexOf('/') + 1));
    StateRows.EntryRow row = state.entries.get(id);
    boolean discarded = state.known.contains(id) && (row == null || row.staging() == null);
    if (discarded || copied(path, row) || unchanged(path, row)) {
      Files.unlinkIfExists(path);
    } else {
      recover(path, row);
    }
  }

  /** Whether it is an unfinished or finished copy of what lies, or lay, at another place. */
  private static boolean copied(String path, StateRows.EntryRow row) {
    return row != null && MemoryStaging.holds(path) != MemoryStaging.holds(row.staging().path());
  }

  private static boolean unchanged(String path, StateRows.EntryRow row) throws IOException {
    Stat stat = Files.lstat(path);
    if (row == null) {
      return stat.size() == 0;
    }
    return row.staging().acknowledged() == null && Stamp.of(stat).equals(row.staging().original());
  }

  private static long id(String file) {
    try {
      return Long.parseLong(file.substring(0, file.length() - DATA.length()));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private void recover(String path, StateRows.EntryRow row) throws IOException {
    String name = row != null && !row.name().isEmpty() ? row.name() : nameOf(path);
    String to = sessions.recovered() + "/" + name;
    Files.mkdirs(to.substring(0, to.lastIndexOf('/')), 0700);
    String free = to;
    for (int n = 2; Files.exists(free); n++) {
      free = to + "." + n;
    }
    if (MemoryStaging.holds(path)) {
      SparseCopy.copy(path, free);
      Files.unlink(path);
    } else {
      Files.rename(path, free);
    }
    recovered.add(free);
    LOG.warn("{} was not closed before the last session ended; it was kept as {}", name, free);
  }

  private static String nameOf(String path) throws IOException {
    Optional<byte[]> name = Xattr.get(path, NAME_ATTRIBUTE);
    return name.map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .filter(n -> !n.isEmpty())
        .orElse(path.substring(path.lastIndexOf('/') + 1));
  }

  /** Tells the staging file its name, for the day on which the journal is lost. */
  static void label(int fd, String name) {
    try {
      Xattr.set(fd, NAME_ATTRIBUTE, name.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.debug("no name in {}: {}", name, e.getMessage());
    }
  }
}
