package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
  private final boolean rootStays;
  private boolean matched;

  /**
   * An upload. A source that is removed goes itself once it is empty.
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
    this(service, options, events, source, container, destination, false);
  }

  /**
   * The same.
   *
   * @param rootStays whether a directory that is the source stays where what it holds is removed
   */
  public UploadJob(
      BlobService service,
      TransferOptions options,
      TransferEvents events,
      Path source,
      String container,
      String destination,
      boolean rootStays) {
    super(service, options, events);
    this.rootStays = rootStays;
    this.source = source;
    this.container = container;
    this.destination = destination;
  }

  @Override
  Outcome plan(Schedule schedule, Workers team) throws IOException {
    BasicFileAttributes attributes = attributes(source);
    if (!attributes.isDirectory()) {
      return single(schedule, team, attributes);
    }
    String prefix = BlobPages.directoryPrefix(destination);
    if (options.names() == null && !options.recursive()) {
      throw new AzcpException(
          Errno.EISDIR, LocalPaths.show(source) + " is a directory; add -r to copy what it holds");
    }
    var emptied = options.deleteSource() ? new EmptiedDirectories(source, rootStays) : null;
    var all = new UploadMover(this, team, container, prefix::concat, emptied);
    try (ShardedMover mover = ShardedMover.of(options, all)) {
      var found = new Found(schedule, mover);
      if (options.names() != null) {
        options.names().each((name, length, modified) -> named(name, found));
      } else {
        LocalWalk.walk(source, "", options.symlinks() == Symlinks.FOLLOW, found);
      }
      mover.finish(schedule);
    }
    all.finish();
    if (options.names() != null) {
      return Outcome.MANY;
    }
    if (!matched) {
      throw new AzcpException(
          Errno.ENOENT, "there is no file below " + LocalPaths.show(source) + ": nothing copied");
    }
    return Outcome.MANY;
  }

  private Outcome single(Schedule schedule, Workers team, BasicFileAttributes attributes)
      throws IOException {
    if (options.names() != null) {
      throw new AzcpException(
          Errno.ENOTDIR, LocalPaths.show(source) + " is no directory that holds the listed files");
    }
    String name = LocalPaths.name(source);
    boolean into = destination.isEmpty() || destination.endsWith("/");
    String blob = into ? destination + name : destination;
    Mover mover = new UploadMover(this, team, container, n -> blob);
    if (accepts(name, attributes.lastModifiedTime().toMillis())) {
      mover.move(schedule, SourceFile.of(name, source, attributes));
    }
    return new Outcome(name);
  }

  private static BasicFileAttributes attributes(Path file, LinkOption... links)
      throws AzcpException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class, links);
    } catch (IOException e) {
      throw LocalFailure.of("cannot read", file, e);
    }
  }

  /** A file of the list; a directory stands for what it holds. */
  private void named(String listed, Found found) throws IOException {
    checkGoing();
    String name = listed.endsWith("/") ? listed.substring(0, listed.length() - 1) : listed;
    try {
      if (!LocalPaths.holds(name)) {
        throw new AzcpException(Errno.EINVAL, listed + " is no name below a directory");
      }
      Path path = LocalPaths.resolve(source, name);
      BasicFileAttributes attributes =
          options.symlinks() == Symlinks.FOLLOW
              ? attributes(path)
              : attributes(path, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isRegularFile()) {
        found.file(name, path, attributes);
      } else if (!attributes.isDirectory()) {
        found.other(name, path, attributes);
      } else if (options.recursive()) {
        LocalWalk.walk(path, name + "/", options.symlinks() == Symlinks.FOLLOW, found);
      } else {
        throw new AzcpException(
            Errno.EISDIR, LocalPaths.show(path) + " is a directory; add -r to copy what it holds");
      }
    } catch (AzcpException e) {
      checkGoing();
      fail(listed, e);
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
      checkGoing();
      matched = true;
      if (accepts(name, attributes.lastModifiedTime().toMillis())) {
        mover.move(schedule, SourceFile.of(name, path, attributes));
      }
    }

    @Override
    public void directory(String name, Path path, BasicFileAttributes attributes)
        throws IOException {
      if (options.preservePosix()) {
        file(name, path, attributes);
      }
    }

    @Override
    public void other(String name, Path path, BasicFileAttributes attributes) throws IOException {
      checkGoing();
      if (attributes.isSymbolicLink() && options.symlinks() == Symlinks.PRESERVE) {
        file(name, path, attributes);
        return;
      }
      matched = true;
      skip(name, 0);
      warn("skipped " + name + ": it is " + kind(attributes));
    }

    private static String kind(BasicFileAttributes attributes) {
      if (attributes.isDirectory()) {
        return "a directory that it lies in itself";
      }
      return attributes.isSymbolicLink() ? "a symbolic link" : "no regular file";
    }

    @Override
    public void unreadable(String name, AzcpException failure) throws IOException {
      checkGoing();
      matched = true;
      fail(name, failure);
    }
  }
}
