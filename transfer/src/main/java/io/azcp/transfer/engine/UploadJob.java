package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.NameEncoding;
import io.azcp.transfer.blob.PutOptions;
import io.azcp.transfer.blob.ServiceException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;

/**
 * Uploads a file, or the files below a directory, each to the destination followed by its name
 * relative to the directory.
 */
public final class UploadJob extends Job {
  /** Blocks of one file queued or being sent at most, for each connection. */
  private static final int LOOK_AHEAD = 2;

  /**
   * From this size on it is asked whether the blob exists before the bytes are sent in vain; below,
   * the request that sends them is itself conditional and as cheap as the question.
   */
  private static final long ASK_FIRST = 64 << 10;

  private final Path source;
  private final String container;
  private final String destination;
  private BlobUploader uploader;

  /**
   * An upload.
   *
   * @param source a file or directory; a symbolic link to one is followed
   * @param destination the blob's name, or, when it ends in a slash, is empty, or the source is a
   *     directory, the directory it goes into
   */
  public UploadJob(
      BlobService service,
      TransferOptions options,
      TransferEvents events,
      Path source,
      String container,
      String destination) {
    super(service, options, events);
    this.source = source;
    this.container = container;
    this.destination = destination;
  }

  @Override
  Outcome plan(Schedule schedule, Workers team) throws IOException {
    uploader =
        new BlobUploader(
            service,
            team,
            options.blockSize(),
            LOOK_AHEAD * options.concurrency(),
            stats.moved::add);
    BasicFileAttributes attributes = attributes(source);
    if (!attributes.isDirectory()) {
      String name = LocalPaths.name(source);
      boolean into = destination.isEmpty() || destination.endsWith("/");
      consider(schedule, name, source, attributes, into ? destination + name : destination);
      return new Outcome(name);
    }
    if (!options.recursive()) {
      throw new AzcpException(
          Errno.EISDIR, LocalPaths.show(source) + " is a directory; add -r to copy what it holds");
    }
    LocalWalk.walk(source, new Found(schedule));
    boolean nothing = stats.plannedFiles() == 0 && stats.failed() == 0 && stats.skipped() == 0;
    if (nothing) {
      throw new AzcpException(
          Errno.ENOENT, "there is no file below " + LocalPaths.show(source) + ": nothing copied");
    }
    return Outcome.MANY;
  }

  private static BasicFileAttributes attributes(Path file) throws AzcpException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class);
    } catch (IOException e) {
      throw LocalFailure.of("cannot read", file, e);
    }
  }

  private final class Found implements LocalWalk.Visitor {
    private final Schedule schedule;
    private final String prefix = BlobPages.directoryPrefix(destination);

    Found(Schedule schedule) {
      this.schedule = schedule;
    }

    @Override
    public void file(String name, Path path, BasicFileAttributes attributes) throws IOException {
      consider(schedule, name, path, attributes, prefix + name);
    }

    @Override
    public void other(String name, Path path, BasicFileAttributes attributes) throws IOException {
      checkGoing();
      stats.skipped.increment();
      String kind = attributes.isSymbolicLink() ? "a symbolic link" : "no regular file";
      warn("skipped " + name + ": it is " + kind);
    }

    @Override
    public void unreadable(String name, AzcpException failure) throws IOException {
      checkGoing();
      fail(name, failure);
    }
  }

  private void consider(
      Schedule schedule, String name, Path path, BasicFileAttributes attributes, String blob)
      throws IOException {
    checkGoing();
    stats.plannedFiles.increment();
    stats.plannedBytes.add(attributes.size());
    Runnable unit = () -> attempt(name, () -> upload(name, path, attributes, blob));
    if (uploader.whole(attributes.size())) {
      schedule.small(unit);
    } else {
      schedule.large(unit);
    }
  }

  private void upload(String name, Path path, BasicFileAttributes found, String blob)
      throws IOException {
    NameEncoding.check(blob);
    if (isThere(found, blob)) {
      stats.skipped.increment();
      return;
    }
    if (options.dryRun()) {
      planned(name);
      return;
    }
    try (FileChannel channel = FileChannel.open(path)) {
      send(name, path, found, blob, channel);
    } catch (ServiceException e) {
      if (options.overwrite() != Overwrite.FALSE || e.errno() != Errno.EEXIST) {
        throw e;
      }
      stats.skipped.increment();
      return;
    } catch (IOException e) {
      throw LocalFailure.of("cannot read", path, e);
    }
    stats.files.increment();
    stats.bytes.add(found.size());
  }

  private boolean isThere(BasicFileAttributes found, String blob) throws IOException {
    boolean ask =
        options.overwrite() == Overwrite.FALSE && (options.dryRun() || found.size() >= ASK_FIRST);
    return ask && BlobPages.headOrNull(service, container, blob) != null;
  }

  private void send(
      String name, Path path, BasicFileAttributes found, String blob, FileChannel channel)
      throws IOException {
    var put =
        new PutOptions(
            ContentTypes.of(blob),
            "",
            Map.of(),
            options.overwrite() != Overwrite.FALSE ? Conditions.NONE : Conditions.ABSENT);
    var upload =
        new Upload(
            container,
            blob,
            FileBodies.of(channel, found.size(), name),
            put,
            false,
            BlockIds.random(),
            () -> checkUnchanged(name, path, found));
    if (uploader.whole(found.size())) {
      uploader.putWhole(upload);
    } else {
      uploader.upload(upload);
    }
  }

  private void checkUnchanged(String name, Path path, BasicFileAttributes found)
      throws IOException {
    checkGoing();
    BasicFileAttributes now = attributes(path);
    boolean same =
        now.size() == found.size() && now.lastModifiedTime().equals(found.lastModifiedTime());
    if (!same) {
      throw new AzcpException(Errno.ESTALE, name + " changed while it was uploaded; copy it again");
    }
  }
}
