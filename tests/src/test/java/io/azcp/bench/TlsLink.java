package io.azcp.bench;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** The server's side of TLS by BoringSSL; many records go out in one write. */
final class TlsLink implements Link {
  private static final int BUFFER = 256 << 10;

  /** A record and what it is wrapped in. */
  private static final int RECORD = (16 << 10) + 1024;

  private final SocketChannel channel;
  private final SSLEngine engine;
  private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER).limit(0);
  private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);
  private final ByteBuffer plain = ByteBuffer.allocateDirect(BUFFER).limit(0);

  /** Shakes hands while the first bytes are read. */
  TlsLink(SocketChannel channel, SslContext context) {
    this.channel = channel;
    this.engine = context.newEngine(UnpooledByteBufAllocator.DEFAULT);
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (!plain.hasRemaining()) {
      flush();
      if (!unwrap()) {
        return -1;
      }
    }
    int count = Math.min(plain.remaining(), into.remaining());
    into.put(plain.slice(plain.position(), count));
    plain.position(plain.position() + count);
    return count;
  }

  /** Opens records until there is some text; false at the end of the stream. */
  private boolean unwrap() throws IOException {
    plain.clear();
    while (true) {
      SSLEngineResult result = engine.unwrap(in, plain);
      if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
        return false;
      }
      boolean starved = result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW;
      if (plain.position() > 0 && (starved || plain.remaining() < RECORD)) {
        plain.flip();
        return true;
      }
      answer(result.getHandshakeStatus());
      if (starved) {
        flush();
        in.compact();
        int count = channel.read(in);
        in.flip();
        if (count < 0) {
          return false;
        }
      }
    }
  }

  private void answer(HandshakeStatus status) throws IOException {
    if (status == HandshakeStatus.NEED_TASK) {
      for (Runnable task = engine.getDelegatedTask();
          task != null;
          task = engine.getDelegatedTask()) {
        task.run();
      }
    }
    while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
      wrap(ByteBuffer.allocate(0));
    }
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      wrap(from);
    }
  }

  @Override
  public void write(Pattern pattern, long place, long length) throws IOException {
    long at = place;
    long left = length;
    while (left > 0) {
      ByteBuffer piece = pattern.from(at, left);
      at = (at + piece.remaining()) % Pattern.LENGTH;
      left -= piece.remaining();
      write(piece);
    }
  }

  private void wrap(ByteBuffer from) throws IOException {
    if (out.remaining() < RECORD) {
      flush();
    }
    SSLEngineResult result = engine.wrap(from, out);
    if (result.getStatus() != SSLEngineResult.Status.OK) {
      throw new SSLException("wrap answered " + result);
    }
  }

  private void flush() throws IOException {
    out.flip();
    while (out.hasRemaining()) {
      channel.write(out);
    }
    out.clear();
  }

  @Override
  public void close() throws IOException {
    channel.close();
    ReferenceCountUtil.release(engine);
  }
}
