package io.azcp.cluster;

import io.azcp.transfer.engine.shard.ShardedFiles;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The files of a run by their numbers, the same on every rank: 16 bytes of memory each, names on
 * disk where they are many. Filled by one thread; read by any once it is {@link #finish finished}.
 */
final class FileTable implements AutoCloseable {
  private final ShardedFiles files;
  private long bytes;

  FileTable(Path folder) {
    files = new ShardedFiles(folder);
  }

  void add(Entry entry) throws IOException {
    files.add(entry.name(), entry.size(), entry.attributes());
    bytes += entry.size();
  }

  void finish() throws IOException {
    files.finish();
  }

  int count() {
    return files.count();
  }

  /** Bytes of all files. */
  long bytes() {
    return bytes;
  }

  long size(int file) {
    return files.size(file);
  }

  Entry get(int file) {
    ShardedFiles.Listed listed = files.get(file);
    return Entry.of(listed.name(), listed.size(), listed.attributes());
  }

  int compareByName(int a, int b) {
    return files.compareByName(a, b);
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
