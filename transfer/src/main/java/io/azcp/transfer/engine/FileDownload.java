package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.GetRange;
import io.azcp.transfer.blob.ServiceException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One blob on its way to one file: temporary, checked, published. Every request asks for the
 * version that was listed.
 */
final class FileDownload {
  private final Job job;
  private final String container;
  private final String name;
  private final BlobProperties listed;
  private final Path target;

  FileDownload(Job job, String container, String name, BlobProperties listed, Path target) {
    this.job = job;
    this.container = container;
    this.name = name;
    this.listed = listed;
    this.target = target;
  }

  /**
   * In one request, on the calling thread. An empty blob that turns out to mark a directory becomes
   * one: listings do not tell.
   *
   * @return whether a file was made
   */
  boolean whole() throws IOException {
    try (TemporaryFile temporary = TemporaryFile.beside(target, job.temporaries)) {
      var md5 = listed.contentMd5().isEmpty() ? null : new ContentMd5();
      BlobProperties got = get(temporary.channel(), 0, listed.length(), md5);
      if (got.length() == 0 && got.isFolder()) {
        Files.createDirectories(target);
        job.stats.directories.increment();
        return false;
      }
      checkMd5(got, md5);
      publish(temporary);
      return true;
    } catch (IOException e) {
      throw LocalFailure.of("cannot write", target, e);
    }
  }

  /** In parallel ranges; the calling thread only coordinates. */
  void ranged(Workers workers, BlockPlan plan, int lookAhead) throws IOException {
    try (TemporaryFile temporary = TemporaryFile.beside(target, job.temporaries)) {
      try (UnitGroup ranges = new UnitGroup(workers, lookAhead)) {
        for (int i = 0; i < plan.count(); i++) {
          long offset = plan.offset(i);
          long size = plan.size(i);
          ranges.submit(() -> get(temporary.channel(), offset, size, null));
        }
        ranges.await();
      }
      publish(temporary);
    } catch (IOException e) {
      throw LocalFailure.of("cannot write", target, e);
    }
  }

  private BlobProperties get(FileChannel channel, long offset, long length, ContentMd5 md5)
      throws IOException {
    job.checkGoing();
    boolean all = offset == 0 && length == listed.length();
    GetRange range = GetRange.of(offset, all ? -1 : length, listed.etag());
    var writer = new RangeWriter(channel, name, offset, md5);
    long start = System.nanoTime();
    BlobProperties got;
    try {
      got =
          job.service.get(
              container,
              name,
              range,
              (at, data) -> {
                job.checkGoing();
                int size = data.remaining();
                writer.accept(at, data);
                job.stats.moved.add(size);
              });
    } catch (ServiceException e) {
      throw e.errno() == Errno.ESTALE ? changed(e) : e;
    }
    job.stats.latency().record(System.nanoTime() - start);
    writer.checkEnd(offset + length);
    if (got.length() != listed.length() || !got.etag().equals(listed.etag())) {
      throw changed(null);
    }
    return got;
  }

  private AzcpException changed(ServiceException cause) {
    return new AzcpException(
        Errno.ESTALE, name + " was changed while it was downloaded; copy it again", cause);
  }

  private void checkMd5(BlobProperties got, ContentMd5 md5) throws AzcpException {
    if (md5 == null) {
      return;
    }
    String expected = got.contentMd5().isEmpty() ? listed.contentMd5() : got.contentMd5();
    if (!md5.base64().equals(expected)) {
      throw new AzcpException(
          Errno.EIO,
          name
              + ": the MD5 of what came is not the one stored with the blob; copy it again, and if"
              + " it stays so, the blob was damaged before or during its upload");
    }
  }

  private void publish(TemporaryFile temporary) throws IOException {
    job.checkGoing();
    temporary.publish(target, listed.lastModified());
  }
}
