package io.azcp.cache.index;

import java.util.function.Predicate;

/**
 * Values by keys, off the heap, bounded: a value may be gone at any time, and nothing but what can
 * be had again is put here. A value is whole or gone, also after the death of the process. No
 * method waits for anything but memory and the page cache, and none fails: an index in trouble is
 * dropped. Keys and values are copied. Thread-safe.
 */
public interface Index extends AutoCloseable {
  /** The longest key, in bytes. */
  int MOST_KEY = 2048;

  /** The largest value, in bytes. */
  int MOST_VALUE = 24 << 10;

  /** The value of a key; null for none. */
  byte[] get(byte[] key);

  /** Keeps a value in place of the one before. Keys and values that are too large are not kept. */
  void put(byte[] key, byte[] value);

  /** Drops a value, if there is one. */
  void remove(byte[] key);

  /** Drops what has such a key. Looks at all keys. */
  void removeIf(Predicate<byte[]> key);

  /** Values in it. */
  long size();

  /** Ends its use. What persists is there for the next one who opens it. */
  @Override
  void close();
}
