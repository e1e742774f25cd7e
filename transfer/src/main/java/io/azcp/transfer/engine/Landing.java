package io.azcp.transfer.engine;

import io.azcp.transfer.blob.BlobProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How the downloads of one job come down on this machine: directories, temporaries, links and
 * attributes. Thread-safe.
 */
final class Landing implements AutoCloseable {
  private final Job job;
  private final Directories directories;
  private final PosixAttributes posix;
  private final Md5Check md5;
  private final AtomicBoolean direct;
  private final boolean links;
  private LaterAttributes later;

  /**
   * Where a job's downloads go.
   *
   * @param root the destination directory
   */
  Landing(Job job, Path root) {
    this.job = job;
    this.links = job.options.symlinks() == Symlinks.PRESERVE;
    this.directories = new Directories(root, links, job.leftovers);
    this.posix = new PosixAttributes(job);
    this.md5 = new Md5Check(job);
    this.direct = new AtomicBoolean(job.options.direct());
  }

  /** How MD5 are checked. */
  Md5Check md5() {
    return md5;
  }

  /** Bytes of a range; whole blocks of the disk where the page cache is gone around. */
  long blockSize() {
    long wanted = job.options.blockSize();
    long block = DirectOutput.ALIGNMENT;
    return job.options.direct() ? (wanted + block - 1) / block * block : wanted;
  }

  /** Whether a blob comes in one answer. */
  boolean whole(long length) {
    boolean linkPerhaps = links && length < io.azcp.base.posix.Files.PATH_MAX;
    boolean stream = job.options.discard() && md5.ofAll();
    return length <= job.options.blockSize() || linkPerhaps || stream;
  }

  /**
   * A temporary for a file that will be at the target.
   *
   * @param brief whether its whole content is at hand
   */
  TemporaryFile temporary(Path target, boolean brief) throws IOException {
    Path directory = target.toAbsolutePath().getParent();
    directories.prepare(directory);
    return brief
        ? TemporaryFile.brief(directory, job.temporaries)
        : TemporaryFile.in(directory, job.temporaries);
  }

  /**
   * Where the ranges of a blob go: what an earlier run left of the same subject, else a new file.
   * It goes around the page cache where the options ask for it and the file system does.
   */
  RangedFile large(Path target, String subject, BlockPlan plan) throws IOException {
    Path directory = target.toAbsolutePath().getParent();
    directories.prepare(directory);
    if (direct.get()) {
      try {
        if (DirectOutput.fits(directory)) {
          return ranged(directory, subject, plan, true);
        }
      } catch (UnsupportedOperationException e) {
        // Said below; the file is made in the usual way.
      }
      if (direct.getAndSet(false)) {
        job.warn(
            "--direct: the file system of "
                + LocalPaths.show(directory)
                + " does not go around the page cache; files are written through it");
      }
    }
    return ranged(directory, subject, plan, false);
  }

  private RangedFile ranged(Path directory, String subject, BlockPlan plan, boolean around)
      throws IOException {
    TemporaryFile named = TemporaryFile.named(directory, RangeRecord.number(subject), around);
    RangeRecord record = named == null ? null : record(named, subject, plan);
    if (record != null) {
      job.leftovers.take(named.path());
      return new RangedFile(named, record);
    }
    TemporaryFile file =
        around
            ? TemporaryFile.direct(directory, job.temporaries)
            : TemporaryFile.in(directory, job.temporaries);
    return new RangedFile(file, null);
  }

  /** Null for a file that is something else, which is left alone. */
  private static RangeRecord record(TemporaryFile named, String subject, BlockPlan plan)
      throws IOException {
    RangeRecord record;
    try {
      record = RangeRecord.of(named.path(), subject, plan);
    } catch (IOException | RuntimeException e) {
      // A disk may be full before the first range.
      named.close();
      throw e;
    }
    if (record == null) {
      named.keep();
      named.close();
    }
    return record;
  }

  /** Where the bytes of a range go; null stands for nowhere. */
  static RangeOutput output(TemporaryFile file, long offset) throws IOException {
    if (file == null) {
      return RangeOutput.discarding();
    }
    return file.isDirect()
        ? new DirectOutput(file.channel(), offset)
        : RangeOutput.to(file.channel(), offset);
  }

  /** Ends the writing of a file that has all its bytes, and gives it its attributes. */
  void finish(TemporaryFile file, BlobProperties blob) throws IOException {
    if (file.isDirect()) {
      file.channel().truncate(blob.length());
    }
    file.finish();
    if (job.options.preservePosix()) {
      posix.apply(file.path(), blob);
    } else {
      setModified(file.path(), blob.lastModified());
    }
  }

  /** The older interface needs neither an open file nor to know when it was last read. */
  private static void setModified(Path file, long millis) throws IOException {
    if (millis < 0 || !file.toFile().setLastModified(millis)) {
      Files.setLastModifiedTime(file, FileTime.fromMillis(millis));
    }
  }

  /** Makes a directory that a blob stands for. */
  void makeDirectory(Path target, BlobProperties blob) throws IOException {
    if (job.options.discard()) {
      return;
    }
    directories.prepare(target);
    if (job.options.preservePosix()) {
      later().add(target, blob);
    }
  }

  private synchronized LaterAttributes later() throws IOException {
    if (later == null) {
      later = new LaterAttributes();
    }
    return later;
  }

  /** Makes a symbolic link, which may point anywhere: nothing is written through it. */
  FileDownload.End makeLink(Path target, byte[] content, BlobProperties blob, boolean replace)
      throws IOException {
    if (!links) {
      return FileDownload.End.LINK_LEFT_OUT;
    }
    if (job.options.discard()) {
      return FileDownload.End.MOVED;
    }
    Path directory = target.toAbsolutePath().getParent();
    directories.prepare(directory);
    Path link = TemporaryFile.reserve(directory, job.temporaries);
    try {
      io.azcp.base.posix.Files.symlink(content, LocalPaths.show(link));
      if (job.options.preservePosix()) {
        posix.applyToLink(link, blob);
      }
      return TemporaryFile.publish(link, target, replace)
          ? FileDownload.End.MOVED
          : FileDownload.End.KEPT;
    } finally {
      Files.deleteIfExists(link);
      job.temporaries.remove(link);
    }
  }

  /** Gives the directories their attributes, now that nothing more is written into them. */
  void settle() throws IOException {
    LaterAttributes all = later;
    if (all != null) {
      all.apply(posix, job);
    }
  }

  @Override
  public void close() throws IOException {
    if (later != null) {
      later.close();
    }
  }
}
