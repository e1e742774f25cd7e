package io.azcp.transfer.engine;

import io.azcp.transfer.blob.BodySource;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The MD5 of content that comes in pieces, as the service stores it. Used by one thread. */
final class ContentMd5 {
  private static final int BYTES = 128 << 10;

  /** One a thread, aligned for reading around the page cache. */
  private static final ThreadLocal<ByteBuffer> BUFFER =
      ThreadLocal.withInitial(
          () ->
              ByteBuffer.allocateDirect(BYTES + DirectOutput.ALIGNMENT)
                  .alignedSlice(DirectOutput.ALIGNMENT)
                  .slice(0, BYTES));

  /** Copied and never used: to look for a provider costs a tenth of the sum of a small file. */
  private static final MessageDigest UNUSED = unused();

  private final MessageDigest digest;

  ContentMd5() {
    try {
      digest = (MessageDigest) UNUSED.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the MD5 of every Java platform can be copied", e);
    }
  }

  private static MessageDigest unused() {
    try {
      return MessageDigest.getInstance("MD5");
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
    ByteBuffer buffer = BUFFER.get();
    for (long at = 0; at < body.length(); ) {
      buffer.clear().limit((int) Math.min(BYTES, body.length() - at));
      at += body.read(at, buffer);
      digest.update(buffer.flip());
    }
  }

  /** Adds a whole body, also to another sum, reading it once. */
  void add(BodySource body, ContentMd5 also) throws IOException {
    ByteBuffer buffer = BUFFER.get();
    for (long at = 0; at < body.length(); ) {
      buffer.clear().limit((int) Math.min(BYTES, body.length() - at));
      at += body.read(at, buffer);
      buffer.flip();
      also.digest.update(buffer.duplicate());
      digest.update(buffer);
    }
  }

  /** Adds a whole body and keeps its bytes. */
  byte[] read(BodySource body) throws IOException {
    byte[] bytes = new byte[(int) body.length()];
    ByteBuffer buffer = BUFFER.get();
    for (int at = 0; at < bytes.length; ) {
      buffer.clear().limit(Math.min(BYTES, bytes.length - at));
      int n = body.read(at, buffer);
      buffer.flip().get(bytes, at, n);
      at += n;
    }
    digest.update(bytes);
    return bytes;
  }

  /**
   * Adds a part of a file, which may be one around the page cache: then the part starts at a
   * multiple of the file system's block size.
   */
  void add(FileChannel file, long offset, long length) throws IOException {
    ByteBuffer buffer = BUFFER.get();
    for (long at = offset; at < offset + length; ) {
      int n = file.read(buffer.clear(), at);
      if (n <= 0) {
        throw new EOFException("the file became shorter while its MD5 was computed");
      }
      int wanted = (int) Math.min(n, offset + length - at);
      digest.update(buffer.flip().limit(wanted));
      at += wanted;
    }
  }

  /** The sum of what was added so far, in Base64; more may be added. */
  String soFar() {
    try {
      MessageDigest copy = (MessageDigest) digest.clone();
      return Base64.getEncoder().encodeToString(copy.digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the MD5 of every Java platform can be copied", e);
    }
  }

  /** The sum in Base64; starts anew. */
  String base64() {
    return Base64.getEncoder().encodeToString(digest.digest());
  }
}
