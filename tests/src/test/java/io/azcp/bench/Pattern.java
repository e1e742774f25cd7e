package io.azcp.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Random;

/**
 * The bytes every blob consists of: {@value #LENGTH} random ones, repeated, each blob starting at a
 * place of its own. They lie in a file, for sendfile, and are mapped. Thread-safe.
 */
final class Pattern {
  static final int LENGTH = 64 << 20;

  /** Pages apart, so that equal blobs are rare and every start is aligned. */
  private static final long STEP = 31 * 4096L;

  private final FileChannel file;
  private final ByteBuffer bytes;

  private Pattern(FileChannel file) throws IOException {
    this.file = file;
    this.bytes = file.map(FileChannel.MapMode.READ_ONLY, 0, LENGTH);
  }

  /** Makes the file in a folder on tmpfs; it has no name any more on return. */
  static Pattern in(Path folder) throws IOException {
    Path path = Files.createTempFile(folder, "pattern", "");
    try (FileChannel out = FileChannel.open(path, StandardOpenOption.WRITE)) {
      var random = new Random(42);
      var block = new byte[1 << 20];
      for (int written = 0; written < LENGTH; written += block.length) {
        random.nextBytes(block);
        out.write(ByteBuffer.wrap(block));
      }
    }
    FileChannel in = FileChannel.open(path, StandardOpenOption.READ);
    Files.delete(path);
    return new Pattern(in);
  }

  FileChannel file() {
    return file;
  }

  /** Where in the pattern a byte of a blob is. Blobs longer than the pattern start with it. */
  static long place(int blob, long size, long offset) {
    long start = size > LENGTH ? 0 : blob * STEP % LENGTH;
    return (start + offset) % LENGTH;
  }

  /** The bytes from a place on, at most to the end of the pattern. */
  ByteBuffer from(long place, long most) {
    int length = (int) Math.min(most, LENGTH - place);
    return bytes.slice((int) place, length);
  }

  /** Writes a blob's content to a file. */
  void write(int blob, long size, Path target) throws IOException {
    try (FileChannel out =
        FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (long at = 0; at < size; ) {
        at += out.write(from(place(blob, size, at), size - at));
      }
    }
  }

  /** The MD5 of a blob's content, in Base64. */
  String md5(int blob, long size) {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      for (long at = 0; at < size; ) {
        ByteBuffer piece = from(place(blob, size, at), size - at);
        at += piece.remaining();
        digest.update(piece);
      }
      return Base64.getEncoder().encodeToString(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
