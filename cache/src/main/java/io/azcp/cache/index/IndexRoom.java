package io.azcp.cache.index;

import java.io.IOException;

/** What a cache folder leaves its index. */
public interface IndexRoom {
  /** For a folder that nothing bounds but its disk. */
  IndexRoom UNBOUNDED =
      new IndexRoom() {
        @Override
        public long limitBytes() {
          return Long.MAX_VALUE;
        }

        @Override
        public void take(long bytes, Allocation allocation) throws IOException {
          allocation.make();
        }
      };

  /** How many bytes the folder may take, {@link Long#MAX_VALUE} for no limit. */
  long limitBytes();

  /** Has bytes of the folder's disk allocated, after room was made for them; fails without. */
  void take(long bytes, Allocation allocation) throws IOException;

  /** Takes the bytes. */
  @FunctionalInterface
  interface Allocation {
    void make() throws IOException;
  }
}
