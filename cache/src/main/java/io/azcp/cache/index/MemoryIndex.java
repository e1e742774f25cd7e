package io.azcp.cache.index;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * An index that ends with the process, for a JVM that cannot have the other one and for the time
 * until that is open. Drops what was not used for longest when it is full. Thread-safe.
 */
public final class MemoryIndex implements Index {
  /** What the heap takes for an entry beside key and value. */
  private static final int OVERHEAD = 256;

  private final long mostBytes;
  private final Map<ByteBuffer, ByteBuffer> values = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /** An empty one of at most so many bytes. */
  public MemoryIndex(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  @Override
  public synchronized byte[] get(byte[] key) {
    ByteBuffer value = values.get(ByteBuffer.wrap(key));
    return value == null ? null : copy(value);
  }

  private static byte[] copy(ByteBuffer value) {
    byte[] copy = new byte[value.capacity()];
    value.get(0, copy);
    return copy;
  }

  @Override
  public synchronized void put(byte[] key, byte[] value) {
    if (key.length > MOST_KEY || value.length > MOST_VALUE) {
      remove(key);
      return;
    }
    ByteBuffer kept = ByteBuffer.allocateDirect(value.length).put(0, value);
    ByteBuffer before = values.put(ByteBuffer.wrap(key.clone()), kept);
    bytes += before == null ? cost(key.length, value.length) : value.length - before.capacity();
    Iterator<Map.Entry<ByteBuffer, ByteBuffer>> eldest = values.entrySet().iterator();
    while (bytes > mostBytes && eldest.hasNext()) {
      Map.Entry<ByteBuffer, ByteBuffer> e = eldest.next();
      bytes -= cost(e.getKey().capacity(), e.getValue().capacity());
      eldest.remove();
    }
  }

  private static long cost(int key, int value) {
    return OVERHEAD + key + (long) value;
  }

  @Override
  public synchronized void remove(byte[] key) {
    ByteBuffer value = values.remove(ByteBuffer.wrap(key));
    if (value != null) {
      bytes -= cost(key.length, value.capacity());
    }
  }

  @Override
  public synchronized void removeIf(Predicate<byte[]> key) {
    Iterator<Map.Entry<ByteBuffer, ByteBuffer>> all = values.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<ByteBuffer, ByteBuffer> e = all.next();
      if (key.test(e.getKey().array())) {
        bytes -= cost(e.getKey().capacity(), e.getValue().capacity());
        all.remove();
      }
    }
  }

  @Override
  public synchronized long size() {
    return values.size();
  }

  /** Visits all of it, what was used last at the end. */
  synchronized void forEach(BiConsumer<byte[], byte[]> visitor) {
    values.forEach((key, value) -> visitor.accept(copy(key), copy(value)));
  }

  @Override
  public synchronized void close() {
    values.clear();
    bytes = 0;
  }
}
