package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.engine.sync.Entry;
import io.azcp.transfer.engine.sync.EntryStream;
import io.azcp.transfer.engine.sync.ExternalSort;
import io.azcp.transfer.engine.sync.Plan;
import io.azcp.transfer.engine.sync.TreeStream;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * A directory as a side of a sync. Temporaries of ours are not shown; those that a killed run left
 * at a destination are removed. What cannot be read counts as a failure, so that nothing is deleted
 * because of it.
 */
final class LocalTree implements SyncSource {
  /** Names remembered as told, so that a second scan does not tell them again: some 2 MiB. */
  private static final int TOLD = 10_000;

  private final Job job;
  private final Path root;
  private final Path folder;
  private final boolean source;
  private final Set<String> told = new HashSet<>();

  private LocalTree(Job job, Path root, Path folder, boolean source) {
    this.job = job;
    this.root = root;
    this.folder = folder;
    this.source = source;
  }

  /** A directory to take files from; {@code ENOENT} or {@code ENOTDIR} where it is none. */
  static LocalTree source(Job job, Path root, Path folder) throws AzcpException {
    return of(job, root, folder, true);
  }

  /** A directory to bring files to, which may be missing. */
  static LocalTree destination(Job job, Path root, Path folder) throws AzcpException {
    return of(job, root, folder, false);
  }

  private static LocalTree of(Job job, Path root, Path folder, boolean source)
      throws AzcpException {
    try {
      checkDirectory(Files.readAttributes(root, BasicFileAttributes.class), root);
    } catch (IOException e) {
      boolean missing = e instanceof NoSuchFileException && !source;
      if (!missing) {
        throw LocalFailure.of("cannot read", root, e);
      }
    }
    return new LocalTree(job, root, folder, source);
  }

  private static void checkDirectory(BasicFileAttributes attributes, Path root)
      throws AzcpException {
    if (!attributes.isDirectory()) {
      throw new AzcpException(
          Errno.ENOTDIR,
          LocalPaths.show(root) + " is no directory; copy single files with 'azcp copy'");
    }
  }

  /** Where an entry lies. */
  Path path(Entry entry) {
    return LocalPaths.resolve(root, entry.name());
  }

  /**
   * Whether a blob is nothing but the marker of a directory that is here. Listings need not tell it
   * from an empty blob.
   */
  boolean hasDirectory(Entry blob) {
    return blob.length() == 0
        && LocalPaths.holds(BlobTree.withoutSlash(blob.name()))
        && Files.isDirectory(path(blob));
  }

  @Override
  public EntryStream open() {
    return new TreeStream(this::read, folder);
  }

  private void read(String name, ExternalSort entries) throws IOException {
    job.checkGoing();
    Path directory = name.isEmpty() ? root : LocalPaths.resolve(root, name);
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      for (Path path : stream) {
        add(name, path, entries);
      }
    } catch (DirectoryIteratorException e) {
      unreadable(name, LocalFailure.of("cannot read the directory", directory, e.getCause()));
    } catch (NoSuchFileException e) {
      boolean missing = name.isEmpty() && !source;
      if (!missing) {
        unreadable(name, LocalFailure.of("cannot read the directory", directory, e));
      }
    } catch (AzcpException e) {
      throw e;
    } catch (IOException e) {
      unreadable(name, LocalFailure.of("cannot read the directory", directory, e));
    }
  }

  private void unreadable(String name, AzcpException failure) {
    String shown = name.isEmpty() ? "." : name;
    if (told.size() < TOLD && told.add(shown)) {
      job.fail(shown, failure);
    }
  }

  private void add(String directory, Path path, ExternalSort entries) throws IOException {
    String last;
    try {
      last = LocalPaths.name(path);
    } catch (AzcpException e) {
      unreadable(directory + LocalPaths.show(path.getFileName()), e);
      return;
    }
    String name = directory + last;
    if (TemporaryFile.isTemporary(last)) {
      if (!source && !job.options.dryRun()) {
        job.leftovers.found(path);
      }
      return;
    }
    try {
      entries.add(entry(name, path));
    } catch (AzcpException e) {
      throw e;
    } catch (IOException e) {
      unreadable(name, LocalFailure.of("cannot read", path, e));
    }
  }

  private Entry entry(String name, Path path) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    boolean link = attributes.isSymbolicLink();
    if (link && source && job.options.symlinks() == Symlinks.FOLLOW) {
      attributes = Files.readAttributes(path, BasicFileAttributes.class);
      if (attributes.isDirectory() && leadsUp(path, attributes)) {
        return other(name, "a symbolic link to a directory it lies in");
      }
    } else if (link && job.options.symlinks() != Symlinks.PRESERVE) {
      return other(name, "a symbolic link");
    }
    if (attributes.isDirectory()) {
      return Entry.local(name + "/", Entry.Kind.DIRECTORY, 0, 0);
    }
    if (attributes.isOther()) {
      return other(name, "no regular file");
    }
    return Entry.local(
        name, Entry.Kind.FILE, attributes.size(), attributes.lastModifiedTime().toMillis());
  }

  private boolean leadsUp(Path link, BasicFileAttributes target) throws IOException {
    for (Path above = link.getParent(); ; above = above.getParent()) {
      Object key = Files.readAttributes(above, BasicFileAttributes.class).fileKey();
      if (Objects.equals(key, target.fileKey())) {
        return true;
      }
      if (above.equals(root)) {
        return false;
      }
    }
  }

  private Entry other(String name, String what) {
    if (source && told.size() < TOLD && told.add(name)) {
      job.skip(name, 0);
      job.warn("skipped " + name + ": it is " + what);
    }
    return Entry.local(name, Entry.Kind.OTHER, 0, 0);
  }

  @Override
  public boolean takes(Entry entry) {
    return job.options.filter().accepts(entry.name(), entry.modified());
  }

  @Override
  public SourceFile file(Entry entry) throws IOException {
    Path path = path(entry);
    try {
      BasicFileAttributes attributes =
          job.options.symlinks() == Symlinks.FOLLOW
              ? Files.readAttributes(path, BasicFileAttributes.class)
              : Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return SourceFile.of(entry.name(), path, attributes);
    } catch (IOException e) {
      throw LocalFailure.of("cannot read", path, e);
    }
  }

  @Override
  public String shown(Entry entry) {
    return entry.name();
  }

  @Override
  public void checkFound(Plan plan) {
    // It was there before the scan, and one that cannot be read has failed.
  }
}
