package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Uploads a file, or the files below a directory, each to the destination followed by its name
 * relative to the directory.
 */
public final class UploadJob extends Job {
  private final Path source;
  private final String container;
  private final String destination;

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
    BasicFileAttributes attributes = attributes(source);
    if (!attributes.isDirectory()) {
      String name = LocalPaths.name(source);
      boolean into = destination.isEmpty() || destination.endsWith("/");
      String blob = into ? destination + name : destination;
      new UploadMover(this, team, container, n -> blob)
          .move(schedule, SourceFile.of(name, source, attributes));
      return new Outcome(name);
    }
    if (!options.recursive()) {
      throw new AzcpException(
          Errno.EISDIR, LocalPaths.show(source) + " is a directory; add -r to copy what it holds");
    }
    String prefix = BlobPages.directoryPrefix(destination);
    Mover mover = new UploadMover(this, team, container, prefix::concat);
    LocalWalk.walk(source, new Found(schedule, mover));
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
    private final Mover mover;

    Found(Schedule schedule, Mover mover) {
      this.schedule = schedule;
      this.mover = mover;
    }

    @Override
    public void file(String name, Path path, BasicFileAttributes attributes) throws IOException {
      mover.move(schedule, SourceFile.of(name, path, attributes));
    }

    @Override
    public void other(String name, Path path, BasicFileAttributes attributes) throws IOException {
      checkGoing();
      skip(name, 0);
      String kind = attributes.isSymbolicLink() ? "a symbolic link" : "no regular file";
      warn("skipped " + name + ": it is " + kind);
    }

    @Override
    public void unreadable(String name, AzcpException failure) throws IOException {
      checkGoing();
      fail(name, failure);
    }
  }
}
