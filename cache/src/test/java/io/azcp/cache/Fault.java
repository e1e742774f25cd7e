package io.azcp.cache;

import io.azcp.base.AzcpException;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Native;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a cached file for a range and waits for the answer. */
final class Fault implements CachedFile.FaultListener {
  private final CompletableFuture<Void> answer = new CompletableFuture<>();

  static Fault of(CachedFile file, long offset, long length) {
    return of(file, offset, length, true);
  }

  static Fault of(CachedFile file, long offset, long length, boolean urgent) {
    var fault = new Fault();
    file.ensure(offset, length, urgent, fault);
    return fault;
  }

  @Override
  public void ready() {
    if (!answer.complete(null)) {
      throw new AssertionError("answered twice");
    }
  }

  @Override
  public void failed(AzcpException reason) {
    if (!answer.completeExceptionally(reason)) {
      throw new AssertionError("answered twice");
    }
  }

  boolean answered() {
    return answer.isDone();
  }

  void await() throws IOException {
    try {
      answer.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw (IOException) e.getCause();
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no answer", e);
    }
  }

  /** Faults a range in and reads it. */
  static byte[] read(CachedFile file, long offset, int length) throws IOException {
    of(file, offset, length).await();
    return peek(file, offset, length);
  }

  static byte[] readAll(CachedFile file) throws IOException {
    return read(file, 0, (int) file.version().length());
  }

  /** Reads what is there. */
  static byte[] peek(CachedFile file, long offset, int length) throws IOException {
    ByteBuffer b = Native.buffer(Math.max(1, length)).limit(length);
    int n = 1;
    while (b.hasRemaining() && n > 0) {
      n = Fd.pread(file.fd(), b, offset + b.position());
    }
    byte[] bytes = new byte[b.position()];
    b.get(0, bytes);
    return bytes;
  }
}
