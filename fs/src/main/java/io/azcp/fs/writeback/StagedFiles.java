package io.azcp.fs.writeback;

import io.azcp.base.posix.Fd;
import io.azcp.cache.BlobVersion;
import io.azcp.cache.Cache;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Makes files with local content: new ones, and what is taken out of the cache. Thread-safe. */
final class StagedFiles {
  private final Ledger ledger;
  private final FsyncQueue fsyncs;
  private final NameChanges names;
  private final Cache cache;
  private final String folder;
  private final MemoryStaging memory;

  /**
   * In one session.
   *
   * @param folder where its staging files are, absolute
   * @param memory where new files are while there is room, if the rule asks for it
   */
  StagedFiles(
      Ledger ledger,
      FsyncQueue fsyncs,
      NameChanges names,
      Cache cache,
      String folder,
      MemoryStaging memory) {
    this.memory = memory;
    this.ledger = ledger;
    this.fsyncs = fsyncs;
    this.names = names;
    this.cache = cache;
    this.folder = folder;
  }

  /** Makes a symbolic link. */
  StagedFile symlink(String name, String target, PosixAttributes attributes) throws IOException {
    StagedFile link = make(name, attributes, null, false, target);
    ByteBuffer bytes = ByteBuffer.allocateDirect(target.length() * 3);
    bytes.put(target.getBytes(StandardCharsets.UTF_8)).flip();
    Fd.pwriteFully(link.fd(), bytes, 0);
    link.content().setTimes(attributes.mtimeNanos());
    link.released(true);
    return link;
  }

  /** Makes a file, with one writable open counted. */
  StagedFile make(
      String name,
      PosixAttributes attributes,
      RemoteFile replaced,
      boolean exclusive,
      String linkTarget)
      throws IOException {
    ledger.lock.lock();
    try {
      var entry = new Entry(ledger.newId(), Entry.Kind.of(attributes), name, name, attributes);
      String memoryPath = linkTarget == null ? memory.place(entry.id) : null;
      StagedFile file = stage(entry, linkTarget, memoryPath);
      file.staging.whole = true;
      file.staging.exclusive = exclusive;
      // Before the record: one that tells of an acknowledged file must find it.
      file.create();
      boolean inherits = names.clearing().holdsAcknowledged(name);
      BlobVersion expected = names.clearing().clear(name, replaced, null, inherits);
      if (replaced != null) {
        entry.adopt(replaced);
      }
      entry.version = expected;
      if (linkTarget == null) {
        entry.attributes = StagedFile.madeAt(attributes, file.stamp());
      }
      if (inherits) {
        file.acknowledge();
      }
      names.place(entry);
      names.commit();
      Replay.label(file.backingFd(), name);
      return file;
    } finally {
      ledger.lock.unlock();
    }
  }

  private StagedFile stage(Entry entry, String linkTarget, String memoryPath) {
    String onDisk = folder + "/" + entry.id + Replay.DATA;
    var staging = new Staging(memoryPath == null ? onDisk : memoryPath, linkTarget);
    var file = new StagedFile(ledger, fsyncs, names, entry, staging);
    if (memoryPath != null) {
      file.inMemory(memory, onDisk);
    }
    return file;
  }

  /** Takes a cached file out, with one writable open counted. */
  StagedFile takeOut(String name, RemoteFile base) throws IOException {
    StagedFile file;
    ledger.lock.lock();
    try {
      var entry =
          new Entry(
              ledger.newId(), Entry.Kind.of(base.attributes()), name, name, base.attributes());
      file = stage(entry, null, null);
      ledger.add(entry);
      ledger.commit();
    } finally {
      ledger.lock.unlock();
    }
    boolean taken = false;
    try {
      takeFromCache(name, base, file.staging.path);
      file.openTaken(base.attributes().mtimeNanos());
      Replay.label(file.backingFd(), name);
      taken = true;
    } finally {
      if (!taken) {
        forget(file);
      }
    }
    return placeTaken(name, base, file);
  }

  /** Takes the cached file out under the name and version it has by now: a move may have ended. */
  private void takeFromCache(String name, RemoteFile base, String path) throws IOException {
    RemoteFile from = current(name, base);
    while (true) {
      try {
        cache.takeOut(from.blob(), from.version(), path);
        return;
      } catch (IOException e) {
        RemoteFile now = current(name, base);
        if (now.equals(from)) {
          throw e;
        }
        from = now;
      }
    }
  }

  private RemoteFile current(String name, RemoteFile told) {
    ledger.lock.lock();
    try {
      return names.clearing().current(name, told);
    } finally {
      ledger.lock.unlock();
    }
  }

  private StagedFile placeTaken(String name, RemoteFile base, StagedFile file) throws IOException {
    ledger.lock.lock();
    try {
      Entry entry = file.entry;
      Entry before = ledger.overlay.entry(name);
      boolean pending = before != null && !before.operations.isEmpty();
      entry.adopt(names.clearing().current(name, base));
      entry.version = names.clearing().clear(name, base, pending ? entry : null, true);
      if (pending) {
        // What is pending may have been acknowledged; it lives on in this file only.
        file.staging.original = null;
        file.staging.reattributed = true;
        file.acknowledge();
      }
      names.place(entry);
      names.commit();
      return file;
    } finally {
      ledger.lock.unlock();
    }
  }

  private void forget(StagedFile file) throws IOException {
    ledger.lock.lock();
    try {
      file.depart();
      ledger.drop(file.entry);
      ledger.commit();
    } finally {
      ledger.lock.unlock();
    }
  }
}
