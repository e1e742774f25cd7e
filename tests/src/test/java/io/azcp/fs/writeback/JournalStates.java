package io.azcp.fs.writeback;

import io.azcp.cache.journal.Journal;
import io.azcp.cache.journal.JournalRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** In which states a dead session's journal has its files and operations. */
public final class JournalStates {
  /** Those that a kill is to meet, and the kinds of records; the rest is told, too. */
  public static final List<String> ALL =
      List.of(
          "file writing",
          "file ready",
          "file uploading",
          "file committed, not settled",
          "file removed while uploading",
          "move queued",
          "move sent",
          "move copied",
          "delete queued",
          "attributes queued",
          "attributes sent",
          "marker queued",
          "marker sent",
          "nothing pending",
          "record session",
          "record entry",
          "record entry gone",
          "record operation",
          "record operation gone",
          "record adopting",
          "record adopted");

  private JournalStates() {}

  /** The states in the journals of a cache folder, with how often each is there. */
  public static Map<String, Integer> of(Path cache) throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    Path dirty = cache.resolve(".azcp/dirty");
    if (Files.isDirectory(dirty)) {
      try (Stream<Path> sessions = Files.list(dirty)) {
        for (Path session : sessions.filter(p -> Files.exists(p.resolve("journal"))).toList()) {
          count(session.resolve("journal"), counts);
        }
      }
    }
    if (counts.keySet().stream().allMatch(s -> s.startsWith("record"))) {
      counts.put("nothing pending", 1);
    }
    return counts;
  }

  /** All rows of the journals as text, for a failure. */
  public static List<String> dump(Path cache) throws IOException {
    List<String> lines = new ArrayList<>();
    Path dirty = cache.resolve(".azcp/dirty");
    try (Stream<Path> sessions = Files.list(dirty)) {
      for (Path session : sessions.filter(p -> Files.exists(p.resolve("journal"))).toList()) {
        Journal.replay(
            session.resolve("journal").toString(),
            batch -> {
              for (JournalRecord row : batch) {
                lines.add(text(row));
              }
            });
      }
    }
    return lines;
  }

  private static String text(JournalRecord row) throws IOException {
    return switch (row.type()) {
      case StateRows.ENTRY -> StateRows.readEntry(row.payload()).toString();
      case StateRows.ENTRY_GONE -> "entry gone " + StateRows.readGone(row.payload());
      case StateRows.OPERATION -> StateRows.readOperation(row.payload()).toString();
      case StateRows.OPERATION_GONE -> "operation gone " + StateRows.readGone(row.payload());
      default -> "row of type " + row.type();
    };
  }

  private static void count(Path journal, Map<String, Integer> counts) throws IOException {
    List<JournalRecord> rows = new ArrayList<>();
    Journal.replay(journal.toString(), rows::addAll);
    Map<Long, StateRows.EntryRow> entries = new HashMap<>();
    Map<Long, StateRows.OperationRow> operations = new HashMap<>();
    for (JournalRecord row : rows) {
      counts.merge("record " + kind(row), 1, Integer::sum);
      switch (row.type()) {
        case StateRows.ENTRY -> {
          StateRows.EntryRow e = StateRows.readEntry(row.payload());
          entries.put(e.id(), e);
        }
        case StateRows.ENTRY_GONE -> entries.remove(StateRows.readGone(row.payload()));
        case StateRows.OPERATION -> {
          StateRows.OperationRow o = StateRows.readOperation(row.payload());
          operations.put(o.sequence(), o);
        }
        case StateRows.OPERATION_GONE -> operations.remove(StateRows.readGone(row.payload()));
        default -> {
          // Says whose journal it is.
        }
      }
    }
    entries.values().stream()
        .filter(e -> e.staging() != null)
        .forEach(e -> counts.merge(state(e), 1, Integer::sum));
    operations.values().stream()
        .filter(o -> o.kind() != Operation.Kind.UPLOAD)
        .forEach(o -> counts.merge(state(o), 1, Integer::sum));
  }

  private static String kind(JournalRecord row) {
    return switch (row.type()) {
      case StateRows.SESSION -> "session";
      case StateRows.ADOPTING -> "adopting";
      case StateRows.ADOPTED -> "adopted";
      case StateRows.ENTRY -> "entry";
      case StateRows.ENTRY_GONE -> "entry gone";
      case StateRows.OPERATION -> "operation";
      case StateRows.OPERATION_GONE -> "operation gone";
      default -> "of type " + row.type();
    };
  }

  private static String state(StateRows.EntryRow e) {
    StateRows.StagingRow s = e.staging();
    if (s.attempt() != null) {
      return e.name().isEmpty() ? "file removed while uploading" : "file uploading";
    }
    if (s.acknowledged() == null) {
      return "file writing";
    }
    return s.acknowledged().equals(s.original()) ? "file committed, not settled" : "file ready";
  }

  private static String state(StateRows.OperationRow o) {
    boolean sent = !o.operationId().isEmpty();
    return switch (o.kind()) {
      case MOVE -> o.copied() != null ? "move copied" : sent ? "move sent" : "move queued";
      case DELETE -> "delete queued";
      case SET_METADATA -> sent ? "attributes sent" : "attributes queued";
      case PUT_MARKER -> sent ? "marker sent" : "marker queued";
      case UPLOAD -> "upload queued";
    };
  }
}
