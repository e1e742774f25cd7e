package io.azcp.fs.mount.control;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Lines of UTF-8 over a connection, each way with a limit of time and length. One thread reads and
 * one writes at a time; {@link #close()} from any thread ends both.
 */
final class LineChannel implements AutoCloseable {
  private final SocketChannel channel;
  private final Selector readable;
  private final Selector writable;
  private final ByteBuffer in = ByteBuffer.allocate(16 * 1024).flip();

  LineChannel(SocketChannel channel) throws IOException {
    this.channel = channel;
    channel.configureBlocking(false);
    readable = Selector.open();
    writable = Selector.open();
    channel.register(readable, SelectionKey.OP_READ);
    channel.register(writable, SelectionKey.OP_WRITE);
  }

  /** The next line without its end; null when the other side has closed. */
  String read(long timeoutMillis) throws IOException {
    long deadline = deadline(timeoutMillis);
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      while (in.hasRemaining()) {
        byte b = in.get();
        if (b == '\n') {
          return decode(line.toByteArray());
        }
        line.write(b);
        if (line.size() >= Protocol.LONGEST_LINE) {
          throw new AzcpException(
              Errno.EPROTO, "a line is longer than " + Protocol.LONGEST_LINE + " bytes");
        }
      }
      in.clear();
      int n = channel.read(in);
      in.flip();
      if (n < 0) {
        return null;
      }
      if (n == 0) {
        await(readable, deadline);
      }
    }
  }

  private static String decode(byte[] utf8) throws AzcpException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new AzcpException(Errno.EPROTO, "a line is not UTF-8", e);
    }
  }

  /** Sends a line. */
  void write(String line, long timeoutMillis) throws IOException {
    long deadline = deadline(timeoutMillis);
    ByteBuffer out = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    while (out.hasRemaining()) {
      if (channel.write(out) == 0) {
        await(writable, deadline);
      }
    }
  }

  private static long deadline(long timeoutMillis) {
    return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
  }

  private void await(Selector selector, long deadline) throws IOException {
    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    if (left <= 0) {
      throw new AzcpException(Errno.ETIMEDOUT, "the other side of the control socket is silent");
    }
    try {
      selector.select(left);
      selector.selectedKeys().clear();
    } catch (ClosedSelectorException e) {
      throw new AzcpException(Errno.ECANCELED, "the control connection was closed", e);
    }
    if (!channel.isOpen()) {
      throw new AzcpException(Errno.ECANCELED, "the control connection was closed");
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    // Closing a selector wakes its thread; the channel's keys go with it.
    readable.close();
    writable.close();
  }
}
