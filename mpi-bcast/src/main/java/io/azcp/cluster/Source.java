package io.azcp.cluster;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BodySink;
import io.azcp.transfer.blob.GetRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The blobs of the files, each of one version: the one that was listed, else the one of the first
 * answer. Ranges come whole and of that version, or not at all. Thread-safe.
 */
final class Source {
  private final BlobService service;
  private final String container;
  private final String prefix;
  private final FileTable table;

  /** Versions that no listing told, by file. */
  private final Map<Integer, String> versions = new ConcurrentHashMap<>();

  Source(BlobService service, String container, String prefix, FileTable table) {
    this.service = service;
    this.container = container;
    this.prefix = prefix;
    this.table = table;
  }

  /** Takes bytes in their order. */
  @FunctionalInterface
  interface Sink {
    /** Takes all remaining bytes of a direct buffer, which is reused afterwards. */
    void write(ByteBuffer data, long offset) throws IOException;
  }

  /** Says which version of a file is meant. */
  void pin(int file, String etag) {
    versions.put(file, etag);
  }

  /** The version of a file, asked for where nobody has told it yet. */
  String version(int file) throws IOException {
    Entry entry = table.get(file);
    if (!entry.etag().isEmpty()) {
      return entry.etag();
    }
    String known = versions.get(file);
    if (known != null) {
      return known;
    }
    BlobProperties blob = service.head(container, prefix + entry.name());
    checkLength(entry, blob);
    String before = versions.putIfAbsent(file, blob.etag());
    return before == null ? blob.etag() : before;
  }

  /** All of a file in one answer, its MD5 checked where the service tells one. */
  void whole(int file, Sink sink) throws IOException {
    Entry entry = table.get(file);
    var body = new Whole(entry, sink);
    String etag = entry.etag().isEmpty() ? versions.get(file) : entry.etag();
    BlobProperties got =
        service.get(container, prefix + entry.name(), GetRange.of(0, -1, etag), body);
    body.end(entry.size());
    body.checkMd5(got.contentMd5().isEmpty() ? entry.md5() : got.contentMd5());
  }

  /** A part of a file. */
  void range(int file, long offset, long length, Sink sink) throws IOException {
    Entry entry = table.get(file);
    var body = new InOrder(entry.name(), offset, sink);
    service.get(container, prefix + entry.name(), GetRange.of(offset, length, version(file)), body);
    body.end(offset + length);
  }

  private static void checkLength(Entry entry, BlobProperties blob) throws AzcpException {
    if (blob.length() != entry.size()) {
      throw new AzcpException(
          Errno.ESTALE,
          entry.name()
              + " has "
              + blob.length()
              + " bytes, and the list of files says "
              + entry.size()
              + "; make the list again");
    }
  }

  /** Holds the service to its word: each byte once, in order, none missing. */
  private static class InOrder implements BodySink {
    private final String name;
    private final Sink sink;
    private long next;

    InOrder(String name, long offset, Sink sink) {
      this.name = name;
      this.sink = sink;
      this.next = offset;
    }

    @Override
    public void accept(long offset, ByteBuffer data) throws IOException {
      if (offset != next) {
        throw new AzcpException(
            Errno.EPROTO, name + ": bytes from " + offset + " came where " + next + " was next");
      }
      next += data.remaining();
      sink.write(data, offset);
    }

    final void end(long end) throws AzcpException {
      if (next != end) {
        throw new AzcpException(
            Errno.EIO, name + ": the answer ended at byte " + next + " instead of " + end);
      }
    }
  }

  /** The same with an MD5 of all. */
  private static final class Whole extends InOrder {
    private final Entry entry;
    private MessageDigest md5;

    Whole(Entry entry, Sink sink) {
      super(entry.name(), 0, sink);
      this.entry = entry;
    }

    @Override
    public void begin(BlobProperties blob) throws AzcpException {
      checkLength(entry, blob);
      if (!blob.contentMd5().isEmpty() || !entry.md5().isEmpty()) {
        md5 = newMd5();
      }
    }

    @Override
    public void accept(long offset, ByteBuffer data) throws IOException {
      if (md5 != null) {
        md5.update(data.duplicate());
      }
      super.accept(offset, data);
    }

    void checkMd5(String expected) throws AzcpException {
      if (md5 == null || expected.isEmpty()) {
        return;
      }
      String found = Base64.getEncoder().encodeToString(md5.digest());
      if (!found.equals(expected)) {
        throw new AzcpException(
            Errno.EIO, entry.name() + ": MD5 " + found + " came, and the service has " + expected);
      }
    }
  }

  static MessageDigest newMd5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
