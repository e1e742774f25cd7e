package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.NameEncoding;
import io.azcp.transfer.blob.PutOptions;
import io.azcp.transfer.blob.ServiceException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.UnaryOperator;

/** Uploads the files, links and directories it is given. */
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
  private final UploadAttributes attributes;
  private final Replacement replacement;
  private final EmptiedDirectories emptied;

  /**
   * A mover for one job, of one file or of what leaves its source where it is.
   *
   * @param naming the blob's name for that of the file
   */
  UploadMover(Job job, Workers team, String container, UnaryOperator<String> naming) {
    this(job, team, container, naming, null);
  }

  /**
   * A mover for one job.
   *
   * @param naming the blob's name for that of the file
   * @param emptied the directories that go with the files, or null
   */
  UploadMover(
      Job job,
      Workers team,
      String container,
      UnaryOperator<String> naming,
      EmptiedDirectories emptied) {
    this.job = job;
    this.container = container;
    this.naming = naming;
    this.emptied = emptied;
    this.replacement = new Replacement(job);
    this.attributes = new UploadAttributes(job.options);
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
    if (file.kind() == SourceFile.Kind.DIRECTORY) {
      Ascent.Directory itself = enter(file.name() + "/");
      schedule.small(() -> left(itself, file, () -> marker(file)));
      return;
    }
    job.stats.plannedFiles.increment();
    job.stats.plannedBytes.add(file.length());
    Ascent.Directory in = enter(file.name());
    Runnable unit = () -> left(in, file, () -> upload(file));
    if (file.kind() == SourceFile.Kind.LINK || uploader.whole(file.length())) {
      schedule.small(file.length(), unit);
    } else {
      schedule.large(file.length(), unit);
    }
  }

  /** Moves a file, and tells whether it is gone from where it came. */
  @FunctionalInterface
  private interface Work {
    boolean run() throws IOException;
  }

  private Ascent.Directory enter(String name) throws IOException {
    return emptied == null ? null : emptied.enter(name);
  }

  private void left(Ascent.Directory in, SourceFile file, Work work) {
    var gone = new boolean[1];
    job.attempt(file.name(), () -> gone[0] = work.run());
    if (emptied != null) {
      emptied.left(in, gone[0]);
    }
  }

  /** A blob that stands for a directory and carries its attributes. */
  private boolean marker(SourceFile directory) throws IOException {
    String blob = naming.apply(directory.name());
    NameEncoding.check(blob);
    if (job.options.dryRun()) {
      return false;
    }
    PutOptions put = attributes.of(directory, blob, Conditions.NONE);
    job.service.put(container, blob, BodySource.of(new byte[0]), put);
    job.stats.directories.increment();
    return true;
  }

  /** Nothing more is moved: directories that are to go can go. */
  void finish() throws IOException {
    if (emptied != null) {
      emptied.finish();
    }
  }

  /** Whether the file is gone from where it came. */
  private boolean upload(SourceFile file) throws IOException {
    String blob = naming.apply(file.name());
    NameEncoding.check(blob);
    Conditions conditions =
        replacement.ofBlob(
            file.name(), container, blob, file.lastModified(), file.length() < ASK_FIRST);
    if (conditions == null) {
      job.skip(file.name(), file.length());
      return false;
    }
    if (job.options.dryRun()) {
      job.planned(file.name());
      return false;
    }
    try {
      send(file, blob, attributes.of(file, blob, conditions));
    } catch (ServiceException e) {
      if (!Replacement.appeared(conditions, e)) {
        throw e;
      }
      job.skip(file.name(), file.length());
      return false;
    } catch (IOException e) {
      throw LocalFailure.of("cannot read", file.path(), e);
    }
    removeSource(file);
    job.done(file.name(), file.length());
    return job.options.deleteSource();
  }

  private void send(SourceFile file, String blob, PutOptions put) throws IOException {
    if (file.kind() == SourceFile.Kind.LINK) {
      byte[] target = io.azcp.base.posix.Files.readlink(LocalPaths.show(file.path()));
      uploader.putWhole(upload(file, blob, BodySource.of(target), put));
      return;
    }
    try (FileChannel channel = FileChannel.open(file.path())) {
      BodySource content = FileBodies.of(channel, file.length(), file.name());
      Upload upload = upload(file, blob, content, put);
      if (uploader.whole(file.length())) {
        uploader.putWhole(upload);
      } else {
        uploader.upload(upload);
      }
    }
  }

  private Upload upload(SourceFile file, String blob, BodySource content, PutOptions put) {
    return new Upload(
        container,
        blob,
        content,
        put,
        job.options.putMd5(),
        BlockIds.random(),
        () -> checkUnchanged(file));
  }

  private void checkUnchanged(SourceFile file) throws IOException {
    job.checkGoing();
    if (!unchanged(file)) {
      throw new AzcpException(
          Errno.ESTALE, file.name() + " changed while it was uploaded; copy it again");
    }
  }

  private static boolean unchanged(SourceFile file) throws IOException {
    LinkOption[] follow =
        file.kind() == SourceFile.Kind.LINK
            ? new LinkOption[] {LinkOption.NOFOLLOW_LINKS}
            : new LinkOption[0];
    var now = Files.readAttributes(file.path(), BasicFileAttributes.class, follow);
    return now.size() == file.length() && now.lastModifiedTime().toMillis() == file.lastModified();
  }

  private void removeSource(SourceFile file) throws IOException {
    if (!job.options.deleteSource()) {
      return;
    }
    try {
      if (!unchanged(file)) {
        throw new AzcpException(
            Errno.ESTALE, file.name() + " changed after it was copied, and is kept; move it again");
      }
      Files.delete(file.path());
    } catch (IOException e) {
      throw LocalFailure.of("cannot remove", file.path(), e);
    }
  }
}
