package io.azcp.base.posix;

import jnr.ffi.LibraryLoader;

/** The C library's heap, of which direct buffers are. Thread-safe. */
public final class NativeHeap {
  /** glibc's own; other C libraries lack it. */
  @SuppressWarnings("checkstyle")
  public interface Calls {
    int malloc_trim(long pad);
  }

  private NativeHeap() {}

  /** Gives what is free in it back to the system; does nothing where the C library cannot. */
  public static void trim() {
    try {
      LibraryLoader.create(Calls.class).load("c").malloc_trim(0);
    } catch (UnsatisfiedLinkError e) {
      // musl has no such call: it gives back by itself.
      return;
    }
  }
}
