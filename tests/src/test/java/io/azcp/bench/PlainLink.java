package io.azcp.bench;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A TCP connection as it is; the pattern goes out by sendfile(2). */
record PlainLink(SocketChannel channel) implements Link {
  @Override
  public int read(ByteBuffer into) throws IOException {
    return channel.read(into);
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      channel.write(from);
    }
  }

  @Override
  public void write(Pattern pattern, long place, long length) throws IOException {
    long at = place;
    long left = length;
    while (left > 0) {
      long sent = pattern.file().transferTo(at, Math.min(left, Pattern.LENGTH - at), channel);
      if (sent <= 0) {
        throw new EOFException("the pattern ended");
      }
      at = (at + sent) % Pattern.LENGTH;
      left -= sent;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
