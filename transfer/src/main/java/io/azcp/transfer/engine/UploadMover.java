package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.NameEncoding;
import io.azcp.transfer.blob.PutOptions;
import io.azcp.transfer.blob.ServiceException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Uploads the files it is given. */
final class UploadMover implements Mover {
  /** Blocks of one file queued or being sent at most, for each connection. */
  private static final int LOOK_AHEAD = 2;

  /**
   * From this size on it is asked whether the blob exists before the bytes are sent in vain; below,
   * the request that sends them is itself conditional and as cheap as the question.
   */
  private static final long ASK_FIRST = 64 << 10;

  private final Job job;
  private final String container;
  private final UnaryOperator<String> naming;
  private final BlobUploader uploader;

  /**
   * A mover for one job.
   *
   * @param naming the blob's name for that of the file
   */
  UploadMover(Job job, Workers team, String container, UnaryOperator<String> naming) {
    this.job = job;
    this.container = container;
    this.naming = naming;
    this.uploader =
        new BlobUploader(
            job.service,
            team,
            job.options.blockSize(),
            LOOK_AHEAD * job.options.concurrency(),
            job.stats.moved::add);
  }

  @Override
  public void move(Schedule schedule, SourceFile file) throws IOException {
    job.checkGoing();
    job.stats.plannedFiles.increment();
    job.stats.plannedBytes.add(file.length());
    Runnable unit = () -> job.attempt(file.name(), () -> upload(file));
    if (uploader.whole(file.length())) {
      schedule.small(unit);
    } else {
      schedule.large(unit);
    }
  }

  private void upload(SourceFile file) throws IOException {
    String blob = naming.apply(file.name());
    NameEncoding.check(blob);
    if (isThere(file, blob)) {
      job.skip(file.name(), file.length());
      return;
    }
    if (job.options.dryRun()) {
      job.planned(file.name());
      return;
    }
    try (FileChannel channel = FileChannel.open(file.path())) {
      send(file, blob, channel);
    } catch (ServiceException e) {
      if (job.options.overwrite() != Overwrite.FALSE || e.errno() != Errno.EEXIST) {
        throw e;
      }
      job.skip(file.name(), file.length());
      return;
    } catch (IOException e) {
      throw LocalFailure.of("cannot read", file.path(), e);
    }
    job.done(file.name(), file.length());
  }

  private boolean isThere(SourceFile file, String blob) throws IOException {
    boolean ask =
        job.options.overwrite() == Overwrite.FALSE
            && (job.options.dryRun() || file.length() >= ASK_FIRST);
    return ask && BlobPages.headOrNull(job.service, container, blob) != null;
  }

  private void send(SourceFile file, String blob, FileChannel channel) throws IOException {
    var put =
        new PutOptions(
            ContentTypes.of(blob),
            "",
            Map.of(),
            job.options.overwrite() != Overwrite.FALSE ? Conditions.NONE : Conditions.ABSENT);
    var upload =
        new Upload(
            container,
            blob,
            FileBodies.of(channel, file.length(), file.name()),
            put,
            false,
            BlockIds.random(),
            () -> checkUnchanged(file));
    if (uploader.whole(file.length())) {
      uploader.putWhole(upload);
    } else {
      uploader.upload(upload);
    }
  }

  private void checkUnchanged(SourceFile file) throws IOException {
    job.checkGoing();
    var now = Files.readAttributes(file.path(), BasicFileAttributes.class);
    boolean same =
        now.size() == file.length() && now.lastModifiedTime().toMillis() == file.lastModified();
    if (!same) {
      throw new AzcpException(
          Errno.ESTALE, file.name() + " changed while it was uploaded; copy it again");
    }
  }
}
