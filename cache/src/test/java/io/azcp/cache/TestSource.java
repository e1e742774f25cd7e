package io.azcp.cache;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Native;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Blobs in memory that remembers what was fetched, and can be slow, fail, stop or change. */
final class TestSource implements RangeSource {
  private static final class Blob {
    private final BlobVersion version;
    private final byte[] content;

    Blob(BlobVersion version, byte[] content) {
      this.version = version;
      this.content = content;
    }
  }

  /** One fetch. */
  record Request(String name, long offset, long length) {}

  private final Map<String, Blob> blobs = new ConcurrentHashMap<>();
  private final List<Request> requests = new ArrayList<>();
  private final AtomicInteger serial = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  final AtomicLong bytesFetched = new AtomicLong();
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile int pieceBytes = 50_000;
  private volatile long cutAfter = Long.MAX_VALUE;

  BlobVersion put(String name, byte[] content) {
    return put(name, content, md5(content));
  }

  BlobVersion put(String name, byte[] content, String md5) {
    int n = serial.incrementAndGet();
    var version = new BlobVersion("0x" + n, content.length, 1_700_000_000_000L + n * 1000L, md5);
    blobs.put(name, new Blob(version, content));
    return version;
  }

  static String md5(byte[] content) {
    try {
      return Base64.getEncoder()
          .encodeToString(java.security.MessageDigest.getInstance("MD5").digest(content));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  void move(String name, String newName, BlobVersion newVersion) {
    blobs.put(newName, new Blob(newVersion, blobs.remove(name).content));
  }

  void failNext(int fetches) {
    failures.set(fetches);
  }

  /** Holds every fetch back until the latch is open. */
  void hold(CountDownLatch latch) {
    gate = latch;
  }

  void cutAfter(long bytes) {
    cutAfter = bytes;
  }

  void pieces(int bytes) {
    pieceBytes = bytes;
  }

  List<Request> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  @Override
  public void fetch(String name, BlobVersion version, long offset, long length, Sink sink)
      throws IOException {
    synchronized (requests) {
      requests.add(new Request(name, offset, length));
    }
    await();
    if (failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      throw new AzcpException(Errno.EIO, "Reading " + name + " failed: the test said so.");
    }
    Blob blob = blobs.get(name);
    if (blob == null || !blob.version.etag().equals(version.etag())) {
      throw new AzcpException(Errno.ESTALE, "The blob " + name + " was replaced.");
    }
    ByteBuffer piece = Native.buffer(pieceBytes);
    long end = offset + Math.min(length, cutAfter);
    for (long at = offset; at < end; ) {
      int n = (int) Math.min(pieceBytes, end - at);
      piece.clear().put(blob.content, (int) at, n).flip();
      bytesFetched.addAndGet(n);
      sink.write(at, piece);
      at += n;
    }
  }

  private void await() throws IOException {
    try {
      if (!gate.await(60, java.util.concurrent.TimeUnit.SECONDS)) {
        throw new IOException("the test never let the fetch go on");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
