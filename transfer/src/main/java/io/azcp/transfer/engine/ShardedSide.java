package io.azcp.transfer.engine;

import io.azcp.transfer.engine.shard.Shard;
import io.azcp.transfer.engine.shard.ShardedFiles;
import io.azcp.transfer.engine.sync.Entry;
import io.azcp.transfer.engine.sync.EntryFile;
import io.azcp.transfer.engine.sync.EntryStream;
import io.azcp.transfer.engine.sync.Planner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;

/**
 * The source of a sync with the files of other shards left alone. Divided are all its files that
 * take part, whether or not they differ: the parts of several runs fit together also where one
 * begins when others have copied theirs.
 */
final class ShardedSide implements Planner.Side {
  private final Planner.Side source;
  private final Shard.Bins own;
  private final Path folder;

  /**
   * A part of a side.
   *
   * @param folder where entries are kept until all are known
   */
  ShardedSide(Planner.Side source, Shard.Bins own, Path folder) {
    this.source = source;
    this.own = own;
    this.folder = folder;
  }

  @Override
  public boolean takes(Entry entry) throws IOException {
    return source.takes(entry);
  }

  @Override
  public EntryStream open() throws IOException {
    EntryFile entries = EntryFile.in(folder);
    try {
      return new Part(entries, divided(entries));
    } catch (IOException | RuntimeException e) {
      entries.close();
      throw e;
    }
  }

  /** Which of the files that take part are of this shard, in the order of the source. */
  private BitSet divided(EntryFile entries) throws IOException {
    try (EntryStream stream = source.open();
        ShardedFiles files = new ShardedFiles(folder)) {
      for (Entry entry = stream.next(); entry != null; entry = stream.next()) {
        if (entry.kind() != Entry.Kind.FILE) {
          entries.add(entry);
        } else if (source.takes(entry)) {
          entries.add(entry);
          files.add(entry.name(), entry.length());
        } else {
          entries.add(entry.leftAlone());
        }
      }
      return files.numbers(own);
    }
  }

  private static final class Part implements EntryStream {
    private final EntryFile entries;
    private final EntryStream stream;
    private final BitSet own;
    private int file;

    Part(EntryFile entries, BitSet own) throws IOException {
      this.entries = entries;
      this.stream = entries.read();
      this.own = own;
    }

    @Override
    public Entry next() throws IOException {
      Entry entry = stream.next();
      boolean other = entry != null && entry.kind() == Entry.Kind.FILE && !own.get(file++);
      return other ? entry.leftAlone() : entry;
    }

    @Override
    public void close() throws IOException {
      stream.close();
      entries.close();
    }
  }
}
