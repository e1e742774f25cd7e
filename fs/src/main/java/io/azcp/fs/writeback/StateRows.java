package io.azcp.fs.writeback;

import io.azcp.cache.BlobVersion;
import io.azcp.cache.journal.JournalRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rows of the journal. A row carries the whole state of one entry or operation, or tells that
 * it is gone, so the last row of each tells all and compaction is writing what is left.
 */
final class StateRows {
  /** First row of a journal: boot id and the place in the service it belongs to. */
  static final int SESSION = 1;

  /** Names of dead sessions whose state is in this journal now, from the ADOPTING row on. */
  static final int ADOPTED = 2;

  static final int ENTRY = 3;
  static final int ENTRY_GONE = 4;
  static final int OPERATION = 5;
  static final int OPERATION_GONE = 6;

  /** What follows is the state of dead sessions; it counts only once the ADOPTED row is there. */
  static final int ADOPTING = 7;

  /** Of more sessions than this, taken over one after the other, the oldest are forgotten. */
  private static final int MOST_TAKEN_OVER = 100;

  // ---- how attributes are written
  private static final int NO_ATTRIBUTES = 0;

  /** Mode, owner, group, mtime: what the first journals had, and still is read. */
  private static final int FIRST_ATTRIBUTES = 1;

  private static final int ALL_ATTRIBUTES = 2;

  private StateRows() {}

  /**
   * What the SESSION row tells.
   *
   * @param operations what the ids of its operations start with, then of those it took over
   */
  record Session(String bootId, String place, Set<String> operations) {
    /** Remembers the operations of a session that was taken over. */
    void tookOver(Session other) {
      operations.addAll(other.operations());
    }
  }

  /** An overlay slot an operation holds: a removed name, or a directory where attributes are. */
  record Hold(String name, PosixAttributes directory) {}

  /** An ENTRY row. */
  record EntryRow(
      long id,
      String name,
      String blob,
      BlobVersion version,
      PosixAttributes attributes,
      Map<String, String> metadata,
      String contentType,
      boolean reattributed,
      StagingRow staging) {}

  /** The staging part of an ENTRY row; paths are relative to the folder of all sessions. */
  record StagingRow(
      String path,
      String origin,
      String linkTarget,
      boolean whole,
      boolean exclusive,
      boolean reattributed,
      Stamp acknowledged,
      Stamp durable,
      Stamp original,
      long closedMillis,
      Staging.Attempt attempt) {}

  /** An OPERATION row. */
  record OperationRow(
      long sequence,
      Operation.Kind kind,
      long entry,
      String name,
      String from,
      long askedMillis,
      BlobVersion target,
      String operationId,
      BlobVersion copied,
      long after,
      List<Hold> holds) {}

  static JournalRecord session(Session session) {
    return row(
        SESSION,
        out -> {
          text(out, session.bootId());
          text(out, session.place());
          List<String> newest = session.operations().stream().limit(MOST_TAKEN_OVER).toList();
          out.writeInt(newest.size());
          for (String operation : newest) {
            text(out, operation);
          }
        });
  }

  static JournalRecord adopting() {
    return row(ADOPTING, out -> {});
  }

  static JournalRecord adopted(List<String> sessions) {
    return row(
        ADOPTED,
        out -> {
          out.writeInt(sessions.size());
          for (String s : sessions) {
            text(out, s);
          }
        });
  }

  static JournalRecord gone(int type, long id) {
    return row(type, out -> out.writeLong(id));
  }

  static JournalRecord of(Entry e) {
    return row(
        ENTRY,
        out -> {
          out.writeLong(e.id);
          text(out, e.name);
          text(out, e.blob);
          version(out, e.version);
          attributes(out, e.attributes);
          map(out, e.metadata);
          text(out, e.contentType);
          out.writeBoolean(e.reattributed || e.wasLocal);
          out.writeBoolean(e.local != null);
          if (e.local != null) {
            staging(out, e.local.staging);
          }
        });
  }

  private static void staging(DataOutputStream out, Staging s) throws IOException {
    text(out, Staging.relative(s.path));
    text(out, Staging.relative(s.origin));
    text(out, s.linkTarget);
    out.writeBoolean(s.whole);
    out.writeBoolean(s.exclusive);
    out.writeBoolean(s.reattributed);
    stamp(out, s.acknowledged);
    stamp(out, s.durable);
    stamp(out, s.original);
    out.writeLong(s.closedMillis);
    text(out, s.attempt == null ? null : s.attempt.operationId());
    if (s.attempt != null) {
      text(out, s.attempt.name());
      stamp(out, s.attempt.content());
    }
  }

  static JournalRecord of(Operation o) {
    return row(
        OPERATION,
        out -> {
          out.writeLong(o.sequence);
          out.writeByte(o.kind.code);
          out.writeLong(o.entry.id);
          text(out, o.name);
          text(out, o.from);
          out.writeLong(o.askedMillis);
          version(out, o.target);
          text(out, o.operationId);
          version(out, o.copied);
          out.writeLong(o.after == null ? 0 : o.after.id);
          List<Overlay.Slot> slots = o.holds.stream().filter(s -> s.entry == null).toList();
          out.writeInt(slots.size());
          for (Overlay.Slot s : slots) {
            text(out, s.name);
            attributes(out, s.directory);
          }
        });
  }

  static Session readSession(byte[] payload) throws IOException {
    DataInputStream in = input(payload);
    String bootId = text(in);
    String place = text(in);
    Set<String> operations = new LinkedHashSet<>();
    // Journals of the first days end here.
    for (int n = in.available() > 0 ? in.readInt() : 0; n > 0; n--) {
      operations.add(text(in));
    }
    return new Session(bootId, place, operations);
  }

  static List<String> readAdopted(byte[] payload) throws IOException {
    DataInputStream in = input(payload);
    List<String> out = new ArrayList<>();
    for (int n = in.readInt(); n > 0; n--) {
      out.add(text(in));
    }
    return out;
  }

  static long readGone(byte[] payload) throws IOException {
    return input(payload).readLong();
  }

  static EntryRow readEntry(byte[] payload) throws IOException {
    DataInputStream in = input(payload);
    long id = in.readLong();
    String name = text(in);
    String blob = text(in);
    BlobVersion version = version(in);
    PosixAttributes attributes = attributes(in);
    Map<String, String> metadata = map(in);
    String type = text(in);
    boolean reattributed = in.readBoolean();
    StagingRow staging = in.readBoolean() ? readStaging(in) : null;
    return new EntryRow(id, name, blob, version, attributes, metadata, type, reattributed, staging);
  }

  private static StagingRow readStaging(DataInputStream in) throws IOException {
    String path = text(in);
    String origin = text(in);
    String target = text(in);
    boolean whole = in.readBoolean();
    boolean exclusive = in.readBoolean();
    boolean reattributed = in.readBoolean();
    Stamp acknowledged = stamp(in);
    Stamp durable = stamp(in);
    Stamp original = stamp(in);
    long closed = in.readLong();
    String operation = text(in);
    var attempt = operation == null ? null : new Staging.Attempt(operation, text(in), stamp(in));
    return new StagingRow(
        path,
        origin,
        target,
        whole,
        exclusive,
        reattributed,
        acknowledged,
        durable,
        original,
        closed,
        attempt);
  }

  static OperationRow readOperation(byte[] payload) throws IOException {
    DataInputStream in = input(payload);
    long sequence = in.readLong();
    Operation.Kind kind = Operation.Kind.of(in.readByte());
    long entry = in.readLong();
    String name = text(in);
    String from = text(in);
    long asked = in.readLong();
    BlobVersion target = version(in);
    String id = text(in);
    BlobVersion copied = version(in);
    long after = in.readLong();
    List<Hold> holds = new ArrayList<>();
    for (int n = in.readInt(); n > 0; n--) {
      holds.add(new Hold(text(in), attributes(in)));
    }
    return new OperationRow(
        sequence, kind, entry, name, from, asked, target, id, copied, after, holds);
  }

  private interface Body {
    void write(DataOutputStream out) throws IOException;
  }

  private static JournalRecord row(int type, Body body) {
    var bytes = new ByteArrayOutputStream(256);
    try {
      body.write(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory cannot fail", e);
    }
    return new JournalRecord(type, bytes.toByteArray());
  }

  private static DataInputStream input(byte[] payload) {
    return new DataInputStream(new ByteArrayInputStream(payload));
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes == null ? -1 : bytes.length);
    if (bytes != null) {
      out.write(bytes);
    }
  }

  private static String text(DataInputStream in) throws IOException {
    int length = in.readInt();
    return length < 0 ? null : new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  private static void version(DataOutputStream out, BlobVersion v) throws IOException {
    text(out, v == null ? null : v.etag());
    if (v != null) {
      out.writeLong(v.length());
      out.writeLong(v.lastModified());
      text(out, v.contentMd5());
    }
  }

  private static BlobVersion version(DataInputStream in) throws IOException {
    String etag = text(in);
    return etag == null ? null : new BlobVersion(etag, in.readLong(), in.readLong(), text(in));
  }

  private static void attributes(DataOutputStream out, PosixAttributes a) throws IOException {
    if (a == null) {
      out.writeByte(NO_ATTRIBUTES);
      return;
    }
    out.writeByte(ALL_ATTRIBUTES);
    out.writeInt(a.mode());
    out.writeInt(a.uid());
    out.writeInt(a.gid());
    out.writeLong(a.mtimeNanos());
    out.writeLong(a.atimeNanos());
    out.writeLong(a.ctimeNanos());
    out.writeInt(a.device());
    map(out, a.extended());
  }

  private static PosixAttributes attributes(DataInputStream in) throws IOException {
    int form = in.readByte();
    if (form == NO_ATTRIBUTES) {
      return null;
    }
    var first = new PosixAttributes(in.readInt(), in.readInt(), in.readInt(), in.readLong());
    return form == FIRST_ATTRIBUTES
        ? first
        : first
            .withTimes(first.mtimeNanos(), in.readLong(), in.readLong())
            .withDevice(in.readInt())
            .withExtended(map(in));
  }

  private static void map(DataOutputStream out, Map<String, String> map) throws IOException {
    out.writeInt(map.size());
    for (Map.Entry<String, String> m : map.entrySet()) {
      text(out, m.getKey());
      text(out, m.getValue());
    }
  }

  private static Map<String, String> map(DataInputStream in) throws IOException {
    Map<String, String> map = new HashMap<>();
    for (int n = in.readInt(); n > 0; n--) {
      map.put(text(in), text(in));
    }
    return map;
  }

  private static void stamp(DataOutputStream out, Stamp s) throws IOException {
    out.writeBoolean(s != null);
    if (s != null) {
      out.writeLong(s.size());
      out.writeLong(s.mtimeNanos());
    }
  }

  private static Stamp stamp(DataInputStream in) throws IOException {
    return in.readBoolean() ? new Stamp(in.readLong(), in.readLong()) : null;
  }
}
