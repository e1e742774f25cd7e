package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BodySink;
import io.azcp.transfer.blob.GetRange;
import io.azcp.transfer.blob.PosixMetadata;
import io.azcp.transfer.blob.ServiceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.CRC32C;

/**
 * One blob on its way to one file: temporary, checked, published. Every request asks for the
 * version that was listed, or where none was, for that of the first answer.
 */
final class FileDownload {
  /** How a download ended. */
  enum End {
    /** The blob's content is at the destination, or was checked and thrown away. */
    MOVED,
    /** The blob marked a directory, which is there now. */
    DIRECTORY,
    /** Something of its name appeared meanwhile and must not be replaced. */
    KEPT,
    /** It is a symbolic link, and links are left out. */
    LINK_LEFT_OUT
  }

  private final Job job;
  private final Landing landing;
  private final String container;
  private final String name;
  private final Path target;
  private final boolean replace;
  private final LongAdder there = new LongAdder();
  private BlobProperties version;

  /**
   * A download.
   *
   * @param listed the version wanted; one without an ETag stands for the current one, whatever its
   *     length
   * @param replace whether a file at the target is replaced
   */
  FileDownload(
      Job job,
      Landing landing,
      String container,
      String name,
      BlobProperties listed,
      Path target,
      boolean replace) {
    this.job = job;
    this.landing = landing;
    this.container = container;
    this.name = name;
    this.version = listed;
    this.target = target;
    this.replace = replace;
  }

  /** The version that was moved. */
  BlobProperties version() {
    return version;
  }

  /** Bytes of it that an earlier run had brought. */
  long wereThere() {
    return there.sum();
  }

  /** In one request, on the calling thread. What an empty blob stands for only its answer tells. */
  End whole() throws IOException {
    try (var receiver = new Whole()) {
      get(GetRange.of(0, -1, version.etag().isEmpty() ? null : version.etag()), receiver);
      return receiver.end();
    } catch (IOException e) {
      throw LocalFailure.of("cannot write", target, e);
    }
  }

  /**
   * In parallel ranges; the calling thread coordinates, and computes the MD5 where one is wanted.
   */
  End ranged(Workers workers, int lookAhead) throws IOException {
    if (version.etag().isEmpty()) {
      version = job.service.head(container, name);
    }
    var plan = new BlockPlan(version.length(), landing.blockSize());
    ContentMd5 md5 = landing.md5().begin(name, version.contentMd5(), false);
    try (RangedFile file =
        job.options.discard() ? null : landing.large(target, subject(plan), plan)) {
      ranges(plan, file, md5, new UnitGroup(workers, lookAhead));
      landing.md5().end(name, version.contentMd5(), md5);
      return file == null || publish(file) ? End.MOVED : End.KEPT;
    } catch (IOException e) {
      throw LocalFailure.of("cannot write", target, e);
    }
  }

  /** What a temporary holds the ranges of: only a download of just this goes on with them. */
  private String subject(BlockPlan plan) {
    return String.join(
        "\n",
        job.service.account().toString(),
        container,
        name,
        version.etag(),
        Long.toString(plan.length()),
        Long.toString(plan.blockSize()),
        LocalPaths.show(target.getFileName()));
  }

  private void ranges(BlockPlan plan, RangedFile file, ContentMd5 md5, UnitGroup group)
      throws IOException {
    try (group) {
      var digest = md5 == null ? null : new OrderedMd5(md5, plan, file.file().channel());
      for (int i = 0; i < plan.count(); i++) {
        int index = i;
        group.submit(() -> range(plan, index, file, digest));
        if (digest != null) {
          digest.advance();
        }
      }
      if (digest != null) {
        digest.rest(group);
      }
      group.await();
    } catch (IOException e) {
      job.keep(file, e);
      throw e;
    }
  }

  private void range(BlockPlan plan, int index, RangedFile file, OrderedMd5 digest)
      throws IOException {
    job.checkGoing();
    if (file != null && file.holds(index)) {
      there.add(plan.size(index));
      job.stats.plannedBytes.add(-plan.size(index));
    } else {
      fetch(plan, index, file);
    }
    if (digest != null) {
      digest.arrived(index);
    }
  }

  private void fetch(BlockPlan plan, int index, RangedFile file) throws IOException {
    long offset = plan.offset(index);
    long size = plan.size(index);
    var sum = new CRC32C();
    try (RangeOutput output = Landing.output(file == null ? null : file.file(), offset)) {
      var receiver = new RangeReceiver(name, output, offset, null);
      BodySink sink =
          file == null
              ? receiver::accept
              : (at, data) -> {
                sum.update(data.duplicate());
                receiver.accept(at, data);
              };
      get(GetRange.of(offset, size, version.etag()), sink);
      receiver.end(offset + size);
    }
    if (file != null) {
      file.arrived(index, sum);
    }
  }

  private void get(GetRange range, BodySink sink) throws IOException {
    job.checkGoing();
    long start = System.nanoTime();
    BlobProperties got;
    try {
      got = job.service.get(container, name, range, new Counting(sink));
    } catch (ServiceException e) {
      throw e.errno() == Errno.ESTALE ? changed(e) : e;
    }
    job.stats.latency().record(System.nanoTime() - start);
    checkVersion(got);
  }

  private void checkVersion(BlobProperties got) throws AzcpException {
    boolean same = got.length() == version.length() && got.etag().equals(version.etag());
    if (!same && !version.etag().isEmpty()) {
      throw changed(null);
    }
  }

  private AzcpException changed(ServiceException cause) {
    return new AzcpException(
        Errno.ESTALE, name + " was changed while it was downloaded; copy it again", cause);
  }

  private boolean publish(RangedFile file) throws IOException {
    job.checkGoing();
    file.complete();
    return publish(file.file());
  }

  private boolean publish(TemporaryFile temporary) throws IOException {
    job.checkGoing();
    landing.finish(temporary, version);
    return temporary.publish(target, replace);
  }

  /** Counts what comes, and stops where the job is over. */
  private final class Counting implements BodySink {
    private final BodySink sink;

    Counting(BodySink sink) {
      this.sink = sink;
    }

    @Override
    public void begin(BlobProperties properties) throws IOException {
      checkVersion(properties);
      sink.begin(properties);
    }

    @Override
    public void accept(long offset, ByteBuffer data) throws IOException {
      job.checkGoing();
      int size = data.remaining();
      sink.accept(offset, data);
      job.stats.moved.add(size);
    }
  }

  /** Takes a blob in one answer, whose head tells what it is. */
  private final class Whole implements BodySink, AutoCloseable {
    private TemporaryFile temporary;
    private RangeOutput output;
    private RangeReceiver receiver;
    private ContentMd5 md5;
    private LinkOutput link;

    @Override
    public void begin(BlobProperties properties) throws IOException {
      version = properties;
      boolean folder = properties.length() == 0 && properties.isFolder();
      if (!folder && LinkOutput.isLink(properties)) {
        link = new LinkOutput();
        output = link;
      } else if (folder || job.options.discard()) {
        output = RangeOutput.discarding();
      }
      md5 = folder ? null : landing.md5().begin(name, properties.contentMd5(), true);
    }

    @Override
    public void accept(long offset, ByteBuffer data) throws IOException {
      receiver(data.remaining()).accept(offset, data);
    }

    /** Made when the first bytes are here: often those are all, and a file is a short matter. */
    private RangeReceiver receiver(int first) throws IOException {
      if (receiver == null) {
        if (output == null) {
          temporary = landing.temporary(target, first == version.length());
          output = RangeOutput.to(temporary.channel(), 0);
        }
        receiver = new RangeReceiver(name, output, 0, md5);
      }
      return receiver;
    }

    End end() throws IOException {
      receiver(0).end(version.length());
      landing.md5().end(name, version.contentMd5(), md5);
      if (temporary != null) {
        return publish(temporary) ? End.MOVED : End.KEPT;
      }
      if (link != null) {
        return landing.makeLink(target, link.content(), version, replace);
      }
      if (PosixMetadata.from(version).folder()) {
        landing.makeDirectory(target, version);
        return End.DIRECTORY;
      }
      return End.MOVED;
    }

    @Override
    public void close() throws IOException {
      if (output != null) {
        output.close();
      }
      if (temporary != null) {
        temporary.close();
      }
    }
  }
}
