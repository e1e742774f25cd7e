package io.azcp.fs.writeback;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.cache.journal.JournalRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Sessions whose owner can be killed in this JVM: from then on nothing of his reaches the disk, and
 * his lock is free.
 */
final class FileSessions implements Session.Folder {
  private final Path root;
  private final Set<String> locked = new HashSet<>();
  private final List<FileSession> live = new ArrayList<>();
  private int count;
  private int nextAppends = -1;
  private boolean nextWritten;

  FileSessions(Path root) throws IOException {
    this.root = root;
    Files.createDirectories(root.resolve("dirty"));
  }

  @Override
  public synchronized Session begin() throws IOException {
    String name = String.format(java.util.Locale.ROOT, "s%06d", ++count);
    Files.createDirectory(root.resolve("dirty").resolve(name));
    return open(name);
  }

  private FileSession open(String name) {
    locked.add(name);
    var session = new FileSession(name);
    session.appendsLeft = nextAppends;
    session.lastWritten = nextWritten;
    nextAppends = -1;
    live.add(session);
    return session;
  }

  @Override
  public synchronized List<Session> takeDead() throws IOException {
    try (Stream<Path> all = Files.list(root.resolve("dirty"))) {
      return all.map(p -> p.getFileName().toString())
          .sorted()
          .filter(n -> !locked.contains(n))
          .map(n -> (Session) open(n))
          .toList();
    }
  }

  @Override
  public String recovered() {
    return root.resolve("recovered").toString();
  }

  /** kill −9 of the process that owns all sessions open now. */
  synchronized void kill() {
    live.forEach(s -> s.dead = true);
    live.clear();
    locked.clear();
  }

  /** The process dies at its n-th append from now: after it was written, or just before. */
  synchronized void dieAt(int append, boolean written) {
    live.forEach(
        s -> {
          s.appendsLeft = append;
          s.lastWritten = written;
        });
  }

  /** The same for the session that begins next. */
  synchronized void dieInNext(int append, boolean written) {
    nextAppends = append;
    nextWritten = written;
  }

  synchronized boolean died() {
    return live.stream().anyMatch(s -> s.dead);
  }

  synchronized int sessions() throws IOException {
    try (Stream<Path> all = Files.list(root.resolve("dirty"))) {
      return (int) all.count();
    }
  }

  private final class FileSession implements Session, StateLog {
    private final String name;
    private final Path folder;
    private volatile boolean dead;
    private int appendsLeft = -1;
    private boolean lastWritten;
    private long grown;

    FileSession(String name) {
      this.name = name;
      this.folder = root.resolve("dirty").resolve(name);
    }

    private Path journal() {
      return folder.resolve("journal");
    }

    private void alive() throws IOException {
      if (dead) {
        throw new AzcpException(Errno.EIO, "the process is dead");
      }
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String folder() {
      return folder.toString();
    }

    @Override
    public List<String> stagingFiles() throws IOException {
      try (Stream<Path> all = Files.list(folder)) {
        return all.map(p -> p.getFileName().toString()).filter(n -> n.endsWith(".data")).toList();
      }
    }

    @Override
    public List<JournalRecord> rows() throws IOException {
      List<JournalRecord> rows = new ArrayList<>();
      if (!Files.exists(journal())) {
        return rows;
      }
      var in = new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(journal())));
      while (in.available() > 0) {
        int length = in.readInt();
        rows.add(new JournalRecord(in.readByte(), in.readNBytes(length)));
      }
      return rows;
    }

    @Override
    public StateLog log() {
      return this;
    }

    private byte[] encode(List<JournalRecord> rows) {
      var bytes = new ByteArrayOutputStream();
      var out = new DataOutputStream(bytes);
      try {
        for (JournalRecord row : rows) {
          out.writeInt(row.payload().length);
          out.writeByte(row.type());
          out.write(row.payload());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return bytes.toByteArray();
    }

    @Override
    public synchronized void append(List<JournalRecord> rows) throws IOException {
      alive();
      boolean dies = appendsLeft > 0 && --appendsLeft == 0;
      if (dies && !lastWritten) {
        dead = true;
      }
      alive();
      byte[] bytes = encode(rows);
      Files.write(journal(), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      grown += bytes.length;
      if (dies) {
        dead = true;
      }
      alive();
    }

    @Override
    public void sync() throws IOException {
      alive();
    }

    @Override
    public long grown() {
      return grown;
    }

    @Override
    public synchronized void compact(List<JournalRecord> rows) throws IOException {
      alive();
      Path temporary = folder.resolve("journal.new");
      Files.write(temporary, encode(rows));
      Files.move(temporary, journal(), StandardCopyOption.ATOMIC_MOVE);
      grown = 0;
    }

    @Override
    public void remove() throws IOException {
      if (!dead) {
        Files.deleteIfExists(journal());
        Files.delete(folder);
      }
    }

    @Override
    public void close() {
      synchronized (FileSessions.this) {
        if (!dead) {
          locked.remove(name);
          live.remove(this);
        }
      }
    }
  }
}
