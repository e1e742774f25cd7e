package io.azcp.cli;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Standard output as bytes; says where its reader has gone, which a print stream keeps to itself.
 */
final class StandardOutput implements WritableByteChannel {
  private static final int PIECE = 1 << 16;

  private final PrintStream out;
  private final byte[] piece = new byte[PIECE];

  StandardOutput(PrintStream out) {
    this.out = out;
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int length = Math.min(bytes.remaining(), piece.length);
    bytes.get(piece, 0, length);
    out.write(piece, 0, length);
    if (out.checkError()) {
      throw new AzcpException(
          Errno.EPIPE, "cannot write to standard output: whoever read it has gone, or it is full");
    }
    return length;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
