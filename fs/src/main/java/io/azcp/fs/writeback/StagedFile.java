package io.azcp.fs.writeback;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Files;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A staging file and the opens on it. */
final class StagedFile implements LocalFile {
  private static final Logger LOG = LoggerFactory.getLogger(StagedFile.class);

  final Entry entry;
  final Staging staging;
  private final Ledger ledger;
  private final FsyncQueue fsyncs;
  private final NameChanges names;

  final CommitWaiters waiters;
  private final StagedContent content;
  private volatile boolean written;
  private int opens;
  private int writers;

  /** Counts what may have changed the content; an upload that began before is worthless. */
  private long generation;

  /** Committed, put back or discarded: the staging file is not ours any more. */
  private boolean gone;

  /** What it was when it went; null when that could not be told. */
  private Stamp last;

  /** Whether the content began as what the service has, and was not cut since. */
  private boolean derived;

  /** What it was when it was last looked at while it was written; null for never. */
  private GrowingFiles.Look look;

  /** Whether it only grew between the last two looks, so that the last one's bytes may go. */
  private boolean growing;

  StagedFile(Ledger ledger, FsyncQueue fsyncs, NameChanges names, Entry entry, Staging staging) {
    this.ledger = ledger;
    this.fsyncs = fsyncs;
    this.names = names;
    this.entry = entry;
    this.staging = staging;
    this.content = new StagedContent(staging);
    this.waiters = new CommitWaiters(fsyncs);
    entry.local = this;
    entry.wasLocal = true;
  }

  /** It is in memory, until that is used up. */
  void inMemory(MemoryStaging place, String onDisk) {
    var memory = new MemoryFile(place, fsyncs.threads(), () -> moveToDisk(onDisk));
    content.beginsIn(memory);
  }

  private void moveToDisk(String onDisk) throws IOException {
    String old = staging.path;
    SparseCopy.copy(old, onDisk);
    ledger.lock.lock();
    try {
      if (gone) {
        Files.unlinkIfExists(onDisk);
        return;
      }
      content.leadTo(onDisk, entry.name);
      ledger.touch(entry);
      ledger.commit();
    } finally {
      ledger.lock.unlock();
    }
    Files.unlinkIfExists(old);
  }

  @Override
  public boolean mayBypass() {
    return content.memory() == null && !ledger.space.tight();
  }

  @Override
  public boolean beginWrite(long bytes) {
    MemoryFile memory = content.memory();
    return memory == null || memory.enter(bytes);
  }

  @Override
  public void endWrite() {
    MemoryFile memory = content.memory();
    if (memory != null) {
      memory.leave();
    }
  }

  @Override
  public void toDisk(Done done) {
    MemoryFile memory = content.memory();
    if (memory == null) {
      fsyncs.makeRoom(done);
    } else {
      memory.toDisk(done);
    }
  }

  @Override
  public long id() {
    return entry.id;
  }

  @Override
  public String name() {
    ledger.lock.lock();
    try {
      return entry.name;
    } finally {
      ledger.lock.unlock();
    }
  }

  @Override
  public int fd() throws IOException {
    return content.writing();
  }

  @Override
  public int backingFd() {
    return content.reading();
  }

  @Override
  public PosixAttributes attributes() {
    ledger.lock.lock();
    try {
      PosixAttributes a = entry.attributes;
      return published() ? a : withTime(a, stampQuietly());
    } finally {
      ledger.lock.unlock();
    }
  }

  @Override
  public int mode() {
    ledger.lock.lock();
    try {
      return entry.attributes.mode();
    } finally {
      ledger.lock.unlock();
    }
  }

  @Override
  public Status status() throws IOException {
    ledger.lock.lock();
    try {
      Stamp now = shown();
      PosixAttributes a = entry.attributes;
      return new Status(published() ? a : withTime(a, now), now.size());
    } finally {
      ledger.lock.unlock();
    }
  }

  /**
   * Whether the content belongs to the cache; that of a removed name is ours as long as it is open.
   */
  private boolean published() {
    return gone && !(entry.name.isEmpty() && opens > 0);
  }

  /** The staging file, or what it was when it went and nobody had it open. */
  private Stamp shown() throws IOException {
    boolean away = gone && opens == 0 && last != null;
    return away ? last : stamp();
  }

  static PosixAttributes withTime(PosixAttributes a, Stamp stamp) {
    return stamp == null ? a : a.writtenAt(stamp.mtimeNanos());
  }

  /** The file's clock is behind ours by a tick: its times tell when it was made. */
  static PosixAttributes madeAt(PosixAttributes a, Stamp stamp) {
    long now = stamp.mtimeNanos();
    return a.withTimes(now, a.atimeNanos() == a.mtimeNanos() ? now : a.atimeNanos(), now);
  }

  @Override
  public void setAttributes(AttributeChange change) throws IOException {
    ledger.lock.lock();
    try {
      PosixAttributes now = attributes();
      PosixAttributes changed = change.of(now);
      if (gone) {
        if (!published() && changed.mtimeNanos() != now.mtimeNanos()) {
          content.setTimes(changed.mtimeNanos());
        }
        names.setAttributesOfCommitted(entry, changed);
        entry.attributes = changed;
        ledger.commit();
        return;
      }
      if (changed.mtimeNanos() != now.mtimeNanos()) {
        content.setTimes(changed.mtimeNanos());
        changedContent();
      }
      staging.reattributed = true;
      entry.attributes = changed;
      ledger.touch(entry);
      if (writers == 0) {
        acknowledge();
        scheduleUpload();
      }
      ledger.commit();
    } finally {
      ledger.lock.unlock();
    }
  }

  @Override
  public Map<String, String> othersMetadata() {
    ledger.lock.lock();
    try {
      return BlobMetadata.others(entry.metadata);
    } finally {
      ledger.lock.unlock();
    }
  }

  @Override
  public long size() throws IOException {
    ledger.lock.lock();
    try {
      return shown().size();
    } finally {
      ledger.lock.unlock();
    }
  }

  @Override
  public boolean uploading() {
    ledger.lock.lock();
    try {
      Operation upload = upload();
      return staging.attempt != null || (upload != null && upload.running);
    } finally {
      ledger.lock.unlock();
    }
  }

  @Override
  public String symlinkTarget() {
    return staging.linkTarget;
  }

  @Override
  public boolean opened(boolean writable) throws IOException {
    ledger.lock.lock();
    try {
      boolean unreachable = gone || entry.name.isEmpty();
      if (unreachable && (opens == 0 || (gone && writable))) {
        return false;
      }
      if (opens == 0) {
        content.open();
      }
      opens++;
      if (writable) {
        writers++;
        ledger.space.opened();
        changedContent();
        parkUpload();
      }
      return true;
    } finally {
      ledger.lock.unlock();
    }
  }

  /** Makes the staging file, with one writable open counted. */
  void create() throws IOException {
    content.create();
    opens = 1;
    writers = 1;
    ledger.space.opened();
  }

  /** Opens the file that was taken out of the cache, with one writable open counted. */
  void openTaken(long mtimeNanos) throws IOException {
    content.open();
    content.setTimes(mtimeNanos);
    opens = 1;
    writers = 1;
    ledger.space.opened();
    staging.original = stamp();
    derived = true;
  }

  @Override
  public void released(boolean writable) {
    ledger.lock.lock();
    try {
      opens--;
      if (writable) {
        ledger.space.released();
      }
      if (writable && --writers == 0) {
        lastWriterGone();
      }
      if (opens == 0) {
        content.close();
      }
      ledger.commit();
    } catch (IOException e) {
      LOG.warn("{}: {}", entry.name, e.getMessage());
      ledger.counters.lastError = e.getMessage();
    } finally {
      ledger.lock.unlock();
    }
  }

  private void lastWriterGone() throws IOException {
    content.writersGone();
    if (gone) {
      return;
    }
    if (!entry.name.isEmpty()) {
      acknowledge();
      scheduleUpload();
    }
  }

  @Override
  public void truncate(long length) throws IOException {
    MemoryFile memory = content.memory();
    if (memory == null) {
      cut(length);
      return;
    }
    memory.await();
    try {
      cut(length);
    } finally {
      memory.leave();
    }
  }

  private void cut(long length) throws IOException {
    ledger.lock.lock();
    try {
      requireLocal();
      derived &= length >= stamp().size();
      content.cut(length, writers > 0);
      changedContent();
      written = true;
      if (writers == 0) {
        acknowledge();
        scheduleUpload();
        ledger.commit();
      }
    } finally {
      ledger.lock.unlock();
    }
  }

  @Override
  public void written() {
    written = true;
  }

  @Override
  public void flush(Done done) {
    AzcpException failure = null;
    boolean wait = false;
    boolean durable = false;
    ledger.lock.lock();
    try {
      if (!gone && !entry.name.isEmpty()) {
        acknowledge();
        wait = ledger.options.closeRemote() && unsent();
        if (wait) {
          demand(done);
        }
        ledger.commit();
        durable = !wait && ledger.options.policy().durableClose() && awaitsDisk();
      }
    } catch (IOException e) {
      wait = false;
      durable = false;
      waiters.remove(done);
      failure = asFailure(e);
    } finally {
      ledger.lock.unlock();
    }
    if (durable) {
      fsyncs.closed(this, done);
    } else if (!wait) {
      done.done(failure);
    }
  }

  private static AzcpException asFailure(IOException e) {
    return e instanceof AzcpException a ? a : new AzcpException(Errno.EIO, e.getMessage(), e);
  }

  @Override
  public void sync(Done done) {
    fsyncs.sync(this, done);
  }

  // ---- for the rest of the package, under the ledger's lock

  /** Journals the content as it is as acknowledged, where it changed. */
  void acknowledge() throws IOException {
    Stamp now = stamp();
    boolean changed = written || !now.equals(staging.acknowledged);
    boolean untouched = staging.acknowledged == null && now.equals(staging.original) && !written;
    if (!changed || (untouched && !staging.reattributed)) {
      return;
    }
    if (written) {
      staging.original = null;
      written = false;
    }
    staging.acknowledged = now;
    staging.closedMillis = System.currentTimeMillis();
    generation++;
    ledger.touch(entry);
  }

  /** Whether the service does not have the content or the attributes as they are. */
  boolean unsent() throws IOException {
    return staging.reattributed || contentUnsent();
  }

  /** Whether the service does not have the content as it is. */
  boolean contentUnsent() throws IOException {
    return written || !stamp().equals(staging.original);
  }

  /** Whether it was told to be safe and is not on stable storage yet. */
  boolean awaitsDisk() {
    return staging.acknowledged != null
        && !staging.acknowledged.equals(staging.durable)
        && !entry.name.isEmpty();
  }

  /** The content that had this stamp is on stable storage. */
  void durable(Stamp stamp) {
    if (!gone && stamp.equals(staging.acknowledged)) {
      staging.durable = stamp;
      ledger.touch(entry);
    }
  }

  /** Whether the content was ever told to be safe. */
  boolean acknowledged() {
    return staging.acknowledged != null;
  }

  void changedContent() {
    generation++;
  }

  long generation() {
    return generation;
  }

  boolean writable() {
    return writers > 0;
  }

  /** Whether the content began as what the service has, and was not cut since. */
  boolean derived() {
    return derived;
  }

  /** The service has the content as it is, or as it was a moment ago. */
  void derivedFromCommit() {
    derived = true;
  }

  GrowingFiles.Look look() {
    return look;
  }

  /** It was looked at while it was written. */
  void looked(GrowingFiles.Look now, boolean onlyGrew) {
    look = now;
    growing = onlyGrew && writers > 0 && !gone;
    Operation upload = growing ? upload() : null;
    if (upload != null && !upload.running) {
      ledger.queue.schedule(upload, false, System.nanoTime());
    }
  }

  /** The bytes that may go although it is being written; null for none. Asked for once. */
  GrowingFiles.Look takeGrowth() {
    boolean may = growing && writers > 0;
    growing = false;
    return may ? look : null;
  }

  boolean gone() {
    return gone;
  }

  /** Somebody waits for the commit, so open writers do not hold it back. */
  boolean demanded() {
    return waiters.any();
  }

  /** Somebody waits for the commit of the content as it is now. */
  void demand(Done done) {
    waiters.add(done, System.nanoTime() + ledger.options.syncDeadline().toNanos());
    scheduleUpload();
  }

  /** The bytes. */
  StagedContent content() {
    return content;
  }

  Stamp stamp() throws IOException {
    return content.stamp();
  }

  /** The same; null where it cannot be told. */
  Stamp stampQuietly() {
    return content.stampQuietly();
  }

  Operation upload() {
    for (Operation o : entry.operations) {
      if (o.kind == Operation.Kind.UPLOAD) {
        return o;
      }
    }
    return null;
  }

  /** Lets the upload run after the quiet time, or at once when somebody waits for it. */
  void scheduleUpload() {
    Operation upload = upload();
    if (upload != null && !upload.running) {
      boolean parked = writers > 0 && !demanded();
      long when = demanded() ? System.nanoTime() : ledger.quietUntil();
      ledger.queue.schedule(upload, parked, when);
    }
  }

  private void parkUpload() {
    Operation upload = upload();
    if (upload != null && !upload.running && !demanded()) {
      ledger.queue.schedule(upload, true, upload.notBeforeNanos);
    }
  }

  /** The content is in the service and in the cache now, or thrown away. */
  void depart() {
    last = stampQuietly();
    gone = true;
    entry.local = null;
    if (opens == 0) {
      content.close();
    }
  }

  /** Throws the content away; open descriptors go on reading it. */
  void discard() {
    depart();
    try {
      content.remove();
    } catch (IOException e) {
      LOG.warn("a discarded staging file stays: {}", e.getMessage());
    }
  }

  /** The length as it was closed, or as it is while it is written. */
  long sizeRoughly() {
    Stamp stamp = writers == 0 ? staging.acknowledged : stampQuietly();
    return stamp == null ? 0 : stamp.size();
  }

  /** Closes the descriptors whatever is counted, when the session ends. */
  void abandon() {
    content.close();
  }

  /** What is gone and has a writer was removed, and is his. */
  private void requireLocal() throws AzcpException {
    if (gone && writers == 0) {
      throw new AzcpException(
          Errno.ESTALE, entry.name + " was committed meanwhile; open it again to change it");
    }
  }
}
