package io.azcp.transfer.blob;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * TLS on a blocking socket. Records are opened straight into the caller's buffer while it has room
 * for a whole one, else into a spill buffer. An end of the stream without the TLS goodbye reads as
 * an end; what is complete is told by HTTP, never by the end of the stream alone.
 */
final class TlsWire implements Wire {
  /** The most plain text a record holds (RFC 8446, 5.1), and what engines add on top. */
  private static final int RECORD = (16 << 10) + 512;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final TlsEngines engines;
  private final SSLEngine engine;

  /** The most memory the buffers of a session take. */
  static final int BYTES = 2 * Buffers.SECURE + Buffers.RECORD;

  private final Buffers buffers;
  private final Buffers records;
  private final ByteBuffer in;
  private final ByteBuffer spill;

  /** For a record, until there is a body to be sent. */
  private ByteBuffer out;

  /** Shakes hands; the certificate is verified on return. */
  TlsWire(
      SocketChannel channel,
      TlsEngines engines,
      String host,
      int port,
      Buffers buffers,
      Buffers records)
      throws IOException {
    this.channel = channel;
    this.engines = engines;
    this.engine = engines.engine(host, port);
    this.buffers = buffers;
    this.records = records;
    this.in = buffers.take().limit(0);
    this.out = records.take();
    this.spill = records.take().limit(0);
    try {
      engine.beginHandshake();
      handshake();
    } catch (IOException | RuntimeException e) {
      release();
      throw e;
    }
  }

  private void handshake() throws IOException {
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case FINISHED, NOT_HANDSHAKING -> {
          return;
        }
        case NEED_TASK -> tasks();
        case NEED_WRAP -> wrap(NOTHING);
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          spill.clear();
          SSLEngineResult result = engine.unwrap(in, spill);
          spill.flip();
          if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            throw new SSLException("the server ended the handshake");
          }
          if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW && !fill()) {
            throw new EOFException("the server closed the connection in the TLS handshake");
          }
          if (spill.hasRemaining()) {
            return;
          }
        }
      }
    }
  }

  private void tasks() {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }

  private boolean fill() throws IOException {
    in.compact();
    int n = channel.read(in);
    in.flip();
    return n >= 0;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (spill.hasRemaining()) {
      return pour(into);
    }
    int start = into.position();
    while (true) {
      boolean room = into.remaining() >= RECORD;
      if (!room && into.position() > start) {
        return into.position() - start;
      }
      ByteBuffer target = room ? into : spill.clear();
      SSLEngineResult result = engine.unwrap(in, target);
      if (!room) {
        spill.flip();
        if (spill.hasRemaining()) {
          return pour(into);
        }
      }
      if (ended(result, into.position() > start)) {
        return into.position() > start ? into.position() - start : -1;
      }
    }
  }

  /** Whether reading is over for now; else more was read or answered, and unwrapping goes on. */
  private boolean ended(SSLEngineResult result, boolean some) throws IOException {
    switch (result.getStatus()) {
      case CLOSED, BUFFER_OVERFLOW -> {
        return true;
      }
      case BUFFER_UNDERFLOW -> {
        return some || !fill();
      }
      case OK -> {
        HandshakeStatus status = result.getHandshakeStatus();
        if (status == HandshakeStatus.NEED_TASK) {
          tasks();
        } else if (status == HandshakeStatus.NEED_WRAP) {
          wrap(NOTHING);
        }
        return false;
      }
    }
    return true;
  }

  private int pour(ByteBuffer into) {
    int n = Math.min(spill.remaining(), into.remaining());
    into.put(spill.duplicate().limit(spill.position() + n));
    spill.position(spill.position() + n);
    return n;
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      wrap(from);
    }
  }

  private void wrap(ByteBuffer from) throws IOException {
    if (from.remaining() > RECORD && out.capacity() == records.size()) {
      records.give(out);
      out = buffers.take();
    }
    out.clear();
    do {
      SSLEngineResult result = engine.wrap(from, out);
      if (result.getStatus() == SSLEngineResult.Status.CLOSED && from.hasRemaining()) {
        throw new EOFException("the server closed the TLS session");
      }
      if (result.getStatus() != SSLEngineResult.Status.OK) {
        break;
      }
    } while (from.hasRemaining() && out.remaining() > RECORD + 1024);
    out.flip();
    while (out.hasRemaining()) {
      channel.write(out);
    }
  }

  @Override
  public boolean sendsFiles() {
    return false;
  }

  @Override
  public long send(FileChannel file, long position, long count) {
    throw new UnsupportedOperationException("TLS cannot send a file as it is");
  }

  @Override
  public boolean quiet() throws IOException {
    if (in.hasRemaining() || spill.hasRemaining()) {
      return !spill.hasRemaining();
    }
    channel.configureBlocking(false);
    try {
      in.clear();
      int n = channel.read(in);
      in.flip();
      return n >= 0;
    } finally {
      channel.configureBlocking(true);
    }
  }

  @Override
  public void abort() {
    Sockets.close(channel);
  }

  @Override
  public void release() {
    engines.release(engine);
    buffers.give(in);
    records.give(spill);
    (out.capacity() == records.size() ? records : buffers).give(out);
  }
}
