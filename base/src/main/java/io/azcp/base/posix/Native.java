package io.azcp.base.posix;

import java.nio.ByteBuffer;

/** Direct memory as the kernel sees it. Thread-safe. */
public final class Native {
  private Native() {}

  /** A zeroed direct buffer in native byte order. */
  public static ByteBuffer buffer(int bytes) {
    return Libc.buffer(bytes);
  }

  /** A zeroed direct buffer in native byte order that starts on a page of 4,096 bytes. */
  public static ByteBuffer pages(int bytes) {
    ByteBuffer raw = Libc.buffer(bytes + 4096);
    return raw.alignedSlice(4096).slice(0, bytes).order(java.nio.ByteOrder.nativeOrder());
  }

  /**
   * The address of a direct buffer's first byte, whatever its position. It is valid while the
   * buffer is reachable.
   */
  public static long address(ByteBuffer direct) {
    return Libc.address(direct);
  }

  /**
   * A buffer over memory that belongs to somebody else, as a native library's callback hands it in.
   * The caller sees to it that the memory outlives its use.
   */
  public static ByteBuffer view(long address, int bytes) {
    return com.kenai.jffi.MemoryIO.getInstance()
        .newDirectByteBuffer(address, bytes)
        .order(java.nio.ByteOrder.nativeOrder());
  }
}
