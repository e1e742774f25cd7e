package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Lists a local directory in the form of {@link BlobListing}: the directories first, each by name.
 * Symbolic links count as what they are; temporaries of ours are not shown. Used by one thread.
 */
public final class LocalListing {
  private final BlobListing.Visitor visitor;
  private final Consumer<String> unreadable;
  private long directories;
  private long files;
  private long bytes;

  private LocalListing(BlobListing.Visitor visitor, Consumer<String> unreadable) {
    this.visitor = visitor;
    this.unreadable = unreadable;
  }

  /**
   * Lists what lies in a directory, or the files below it; or the one file.
   *
   * @param unreadable hears of entries that could not be read, one sentence each
   */
  public static BlobListing.Totals list(
      Path path, boolean recursive, BlobListing.Visitor visitor, Consumer<String> unreadable)
      throws IOException {
    var listing = new LocalListing(visitor, unreadable);
    BasicFileAttributes attributes = attributes(path);
    if (!attributes.isDirectory()) {
      listing.file(LocalPaths.name(path), attributes);
    } else if (recursive) {
      LocalWalk.walk(path, listing.new Below());
    } else {
      listing.directory(path);
    }
    return new BlobListing.Totals(listing.directories, listing.files, listing.bytes);
  }

  private static BasicFileAttributes attributes(Path path) throws AzcpException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class);
    } catch (IOException e) {
      throw LocalFailure.of("cannot read", path, e);
    }
  }

  private void file(String name, BasicFileAttributes attributes) {
    files++;
    bytes += attributes.size();
    visitor.blob(name, attributes.size(), attributes.lastModifiedTime().toMillis());
  }

  private void directory(Path path) throws IOException {
    Map<String, BasicFileAttributes> found = new TreeMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        read(entry, found);
      }
    } catch (DirectoryIteratorException e) {
      throw LocalFailure.of("cannot read the directory", path, e.getCause());
    } catch (IOException e) {
      throw LocalFailure.of("cannot read the directory", path, e);
    }
    found.forEach(
        (name, attributes) -> {
          if (attributes.isDirectory()) {
            directories++;
            visitor.directory(name + "/");
          }
        });
    found.forEach(
        (name, attributes) -> {
          if (!attributes.isDirectory()) {
            file(name, attributes);
          }
        });
  }

  private void read(Path entry, Map<String, BasicFileAttributes> found) {
    try {
      String name = LocalPaths.name(entry);
      if (!TemporaryFile.isTemporary(name)) {
        found.put(
            name,
            Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
      }
    } catch (IOException e) {
      unreadable.accept(LocalFailure.of("cannot read", entry, e).getMessage());
    }
  }

  /** Hears of what lies below the directory. */
  private final class Below implements LocalWalk.Visitor {
    @Override
    public void file(String name, Path path, BasicFileAttributes attributes) {
      LocalListing.this.file(name, attributes);
    }

    @Override
    public void other(String name, Path path, BasicFileAttributes attributes) {
      LocalListing.this.file(name, attributes);
    }

    @Override
    public void unreadable(String name, AzcpException failure) {
      unreadable.accept(failure.getMessage());
    }
  }
}
