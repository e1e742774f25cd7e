package io.azcp.transfer.engine;

import io.azcp.transfer.blob.BodySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The MD5 of content that comes in pieces, as the service stores it. Used by one thread. */
final class ContentMd5 {
  private static final int BUFFER = 256 << 10;

  private final MessageDigest digest;
  private ByteBuffer buffer;

  ContentMd5() {
    try {
      digest = MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  /** Adds the buffer's remaining bytes and leaves its position. */
  void add(ByteBuffer data) {
    digest.update(data.duplicate());
  }

  /** Adds a whole body. */
  void add(BodySource body) throws IOException {
    if (buffer == null) {
      buffer = ByteBuffer.allocateDirect(BUFFER);
    }
    for (long at = 0; at < body.length(); ) {
      buffer.clear().limit((int) Math.min(BUFFER, body.length() - at));
      at += body.read(at, buffer);
      digest.update(buffer.flip());
    }
  }

  /** The sum in Base64; starts anew. */
  String base64() {
    return Base64.getEncoder().encodeToString(digest.digest());
  }
}
