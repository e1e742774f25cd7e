package io.azcp.fs.writeback;

import io.azcp.base.posix.Files;
import io.azcp.cache.Cache;
import io.azcp.cache.journal.DirtySession;
import io.azcp.cache.journal.Journal;
import io.azcp.cache.journal.JournalRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A session of the cache folder, with the cache's journal as its log. */
final class JournalSession implements Session, StateLog {
  private static final int PRIVATE = 0700;

  private final DirtySession session;

  /** Null for a dead session, which is only read. */
  private final Journal journal;

  private long compacted;

  private JournalSession(DirtySession session, Journal journal) {
    this.session = session;
    this.journal = journal;
    this.compacted = journal == null ? 0 : journal.size();
  }

  /** The sessions of a cache folder. */
  static final class OfCache implements Folder {
    private final Cache cache;

    OfCache(Cache cache) {
      this.cache = cache;
    }

    @Override
    public Session begin() throws IOException {
      Files.mkdirs(cache.dirtyFolder(), PRIVATE);
      DirtySession session = DirtySession.create(cache.dirtyFolder());
      boolean begun = false;
      try {
        // A cache that is full of what is open leaves the journal no room before it is needed.
        Journal journal = Journal.openWithoutRoom(session.journalPath(), batch -> {});
        cache.addState(journal.room(), journal::reserveRoom);
        begun = true;
        return new JournalSession(session, journal);
      } finally {
        if (!begun) {
          session.close();
        }
      }
    }

    @Override
    public List<Session> takeDead() throws IOException {
      List<Session> dead = new ArrayList<>();
      for (DirtySession s : DirtySession.takeOverDead(cache.dirtyFolder())) {
        dead.add(new JournalSession(s, null));
      }
      return dead;
    }

    @Override
    public String recovered() throws IOException {
      String dirty = cache.dirtyFolder();
      String folder = dirty.substring(0, dirty.lastIndexOf('/')) + "/recovered";
      Files.mkdirs(folder, PRIVATE);
      return folder;
    }
  }

  @Override
  public String name() {
    return session.id();
  }

  @Override
  public String folder() {
    return session.folder();
  }

  @Override
  public List<String> stagingFiles() throws IOException {
    return session.stagingFiles().stream().map(id -> id + Replay.DATA).toList();
  }

  @Override
  public List<JournalRecord> rows() throws IOException {
    List<JournalRecord> rows = new ArrayList<>();
    Journal.replay(session.journalPath(), rows::addAll);
    return rows;
  }

  @Override
  public StateLog log() {
    return this;
  }

  @Override
  public void append(List<JournalRecord> rows) throws IOException {
    journal.append(rows);
  }

  @Override
  public void sync() throws IOException {
    journal.sync();
  }

  @Override
  public long grown() {
    return journal.size() - compacted;
  }

  @Override
  public void compact(List<JournalRecord> rows) throws IOException {
    journal.compact(rows);
    compacted = journal.size();
  }

  @Override
  public void remove() throws IOException {
    closeJournal();
    session.close();
  }

  @Override
  public void close() throws IOException {
    closeJournal();
    session.giveUp();
  }

  private void closeJournal() throws IOException {
    if (journal != null) {
      journal.close();
    }
  }
}
