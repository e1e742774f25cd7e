package io.azcp.fs.fuse.kernel;

import io.azcp.base.posix.Native;
import io.azcp.fs.fuse.Caller;
import java.nio.ByteBuffer;

/**
 * The buffer a reader thread reads requests into, one at a time, and the view on the request in it.
 * Field offsets are those of {@code struct fuse_in_header} and of the structure that follows it.
 * Used by one thread.
 */
final class Incoming {
  private final ByteBuffer memory;
  private final long address;
  private int length;

  /** Room for a WRITE of the given size and its headers. */
  Incoming(int maxWrite) {
    memory = Native.pages(maxWrite + 4096);
    address = Native.address(memory);
  }

  /** Reads the next request; answers its length or the negated errno. */
  long read(FuseDevice device) {
    long n = device.read(address, memory.capacity());
    length = (int) Math.max(0, n);
    return n;
  }

  int opcode() {
    return memory.getInt(4);
  }

  long unique() {
    return memory.getLong(8);
  }

  long node() {
    return memory.getLong(16);
  }

  Caller caller() {
    return new Caller(memory.getInt(24), memory.getInt(28), memory.getInt(32));
  }

  /** A 32-bit field of the request's own structure. */
  int word(int offset) {
    return memory.getInt(Protocol.IN_HEADER + offset);
  }

  /** A 64-bit field of the request's own structure. */
  long wide(int offset) {
    return memory.getLong(Protocol.IN_HEADER + offset);
  }

  /** The zero-terminated name that starts at the offset. */
  byte[] name(int offset) {
    int from = Protocol.IN_HEADER + offset;
    int to = from;
    while (to < length && memory.get(to) != 0) {
      to++;
    }
    byte[] name = new byte[to - from];
    memory.get(from, name);
    return name;
  }

  /** Bytes at the offset, copied. */
  byte[] bytes(int offset, int count) {
    byte[] bytes = new byte[count];
    memory.get(Protocol.IN_HEADER + offset, bytes);
    return bytes;
  }

  /** Bytes at the offset, as they lie; good until the next request is read. */
  ByteBuffer slice(int offset, int count) {
    return memory.slice(Protocol.IN_HEADER + offset, count);
  }
}
