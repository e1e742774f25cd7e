package io.azcp.fs.fuse.kernel;

import io.azcp.base.posix.Native;
import java.nio.ByteBuffer;

/**
 * Memory for one answer: the 16 bytes of {@code struct fuse_out_header}, then the body, which
 * starts on a page. Used by one thread at a time.
 */
final class ReplyBuffer {
  private static final int PAGE = 4096;
  private static final int HEADER = PAGE - Protocol.OUT_HEADER;

  /** Where the two iovecs of an answer with foreign bytes are built. */
  private static final int IOVECS = 0;

  private final ByteBuffer memory;
  private final long address;
  private final ByteBuffer body;

  ReplyBuffer(int bodyBytes) {
    memory = Native.pages(PAGE + bodyBytes);
    address = Native.address(memory);
    body = memory.slice(PAGE, bodyBytes).order(memory.order());
  }

  /** The body; absolute puts only. */
  ByteBuffer body() {
    return body;
  }

  /** Where the body is. */
  long bodyAddress() {
    return address + PAGE;
  }

  int capacity() {
    return body.capacity();
  }

  /** Sends a success with the first bytes of the body. */
  long send(FuseDevice device, long unique, int bodyBytes) {
    header(unique, 0, bodyBytes);
    return device.write(address + HEADER, Protocol.OUT_HEADER + (long) bodyBytes);
  }

  /** Sends a success with bytes that lie elsewhere. */
  long send(FuseDevice device, long unique, long from, int bytes) {
    header(unique, 0, bytes);
    memory.putLong(IOVECS, address + HEADER).putLong(IOVECS + 8, Protocol.OUT_HEADER);
    memory.putLong(IOVECS + 16, from).putLong(IOVECS + 24, bytes);
    return device.writev(address + IOVECS, 2);
  }

  /** Sends a failure. */
  long sendError(FuseDevice device, long unique, int errno) {
    header(unique, -errno, 0);
    return device.write(address + HEADER, Protocol.OUT_HEADER);
  }

  /** Sends a notification: its code takes the error's place, unique is 0. */
  long notify(FuseDevice device, int code, int bodyBytes) {
    header(0, code, bodyBytes);
    return device.write(address + HEADER, Protocol.OUT_HEADER + (long) bodyBytes);
  }

  private void header(long unique, int error, int bodyBytes) {
    memory.putInt(HEADER, Protocol.OUT_HEADER + bodyBytes);
    memory.putInt(HEADER + 4, error).putLong(HEADER + 8, unique);
  }
}
