package io.azcp.transfer.engine.sync;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Sorts any number of entries by name with the memory for a few: what it holds is sorted and
 * written to disk as a run whenever it is too much, and the runs are merged while they are read. Up
 * to {@value #FAN_IN} runs are merged at once; more are first merged into longer ones, so that an
 * entry is written once more for each factor of {@value #FAN_IN}. Used by one thread.
 */
public final class ExternalSort implements AutoCloseable {
  /** Bounds the open files and, with their buffers, some 8 MiB. */
  private static final int FAN_IN = 64;

  private static final Comparator<Entry> BY_NAME =
      Comparator.comparing(Entry::name, NameOrder.UTF8);

  private final Path folder;
  private final int runLength;
  private List<Entry> held = new ArrayList<>();

  /** Runs merged so often as their index says, the shortest first. */
  private final List<List<EntryFile>> levels = new ArrayList<>();

  /**
   * An empty sort.
   *
   * @param folder where runs are kept
   * @param runLength how many entries are held in memory at most
   */
  public ExternalSort(Path folder, int runLength) {
    this.folder = folder;
    this.runLength = runLength;
  }

  /** Another stream, sorted. It is read to its end, and not closed. */
  public static EntryStream of(EntryStream stream, Path folder, int runLength) throws IOException {
    var sort = new ExternalSort(folder, runLength);
    try {
      for (Entry entry = stream.next(); entry != null; entry = stream.next()) {
        sort.add(entry);
      }
      return sort.sorted();
    } catch (IOException | RuntimeException e) {
      sort.close();
      throw e;
    }
  }

  /** Adds one. */
  public void add(Entry entry) throws IOException {
    if (held.size() == runLength) {
      spill();
    }
    held.add(entry);
  }

  private void spill() throws IOException {
    held.sort(BY_NAME);
    store(0, new Held(held));
    held = new ArrayList<>();
  }

  private void store(int level, EntryStream run) throws IOException {
    if (level == levels.size()) {
      levels.add(new ArrayList<>());
    }
    List<EntryFile> files = levels.get(level);
    if (files.size() == FAN_IN) {
      try (var longer = new Merged(files, new Held(List.of()))) {
        store(level + 1, longer);
      }
      files.clear();
    }
    EntryFile file = EntryFile.in(folder);
    files.add(file);
    for (Entry entry = run.next(); entry != null; entry = run.next()) {
      file.add(entry);
    }
  }

  /** What was added, in order. Nothing may be added any more; closing the stream closes this. */
  public EntryStream sorted() throws IOException {
    held.sort(BY_NAME);
    var last = new Held(held);
    held = List.of();
    List<EntryFile> files = levels.stream().flatMap(List::stream).toList();
    return files.isEmpty() ? last : new Merged(files, last);
  }

  @Override
  public void close() throws IOException {
    held = List.of();
    for (List<EntryFile> files : levels) {
      for (EntryFile file : files) {
        file.close();
      }
    }
    levels.clear();
  }

  /** A sorted list that gives away what was read of it. */
  private static final class Held implements EntryStream {
    private List<Entry> entries;
    private int at;

    Held(List<Entry> entries) {
      this.entries = entries;
    }

    @Override
    public Entry next() {
      return at == entries.size() ? null : entries.set(at++, null);
    }

    @Override
    public void close() {
      entries = List.of();
      at = 0;
    }
  }

  /** A run and the entry it stands at. */
  private record Head(Entry entry, EntryStream run) {}

  /** Files and what was still held, as one. */
  private static final class Merged implements EntryStream {
    private final List<EntryFile> files;
    private final PriorityQueue<Head> heads =
        new PriorityQueue<>(Comparator.comparing(Head::entry, BY_NAME));

    Merged(List<EntryFile> files, EntryStream held) throws IOException {
      this.files = files;
      for (EntryFile file : files) {
        push(file.read());
      }
      push(held);
    }

    private void push(EntryStream run) throws IOException {
      Entry entry = run.next();
      if (entry != null) {
        heads.add(new Head(entry, run));
      }
    }

    @Override
    public Entry next() throws IOException {
      Head head = heads.poll();
      if (head == null) {
        return null;
      }
      push(head.run());
      return head.entry();
    }

    @Override
    public void close() throws IOException {
      heads.clear();
      for (EntryFile file : files) {
        file.close();
      }
    }
  }
}
