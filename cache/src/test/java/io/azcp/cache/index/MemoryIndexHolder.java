package io.azcp.cache.index;

import java.util.function.Predicate;

/** Something in memory that stands for an index in a folder. */
class MemoryIndexHolder implements Index {
  private final MemoryIndex memory = new MemoryIndex(8 << 20);

  @Override
  public byte[] get(byte[] key) {
    return memory.get(key);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    memory.put(key, value);
  }

  @Override
  public void remove(byte[] key) {
    memory.remove(key);
  }

  @Override
  public void removeIf(Predicate<byte[]> key) {
    memory.removeIf(key);
  }

  @Override
  public long size() {
    return memory.size();
  }

  @Override
  public void close() {
    memory.close();
  }
}
