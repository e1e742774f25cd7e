package io.azcp.prefetch;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.cache.BlobVersion;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.ListQuery;
import io.azcp.transfer.blob.ListVisitor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Asks the service what lies below a rule's prefix. Blocks its thread; thread-safe. */
final class BlobNames {
  private final BlobService service;
  private final String container;
  private final String prefix;

  BlobNames(BlobService service, String container, String prefix) {
    this.service = service;
    this.container = container;
    this.prefix = prefix;
  }

  /** What a path turned out to be. */
  sealed interface Found {}

  /** One file. */
  record File(Wanted wanted) implements Found {}

  /** All that a listing gives. */
  record Many(Listing listing) implements Found {}

  /** Looks up a path: a file, a directory, else a pattern, else nothing. */
  Optional<Found> find(String path) throws IOException {
    String name = strip(path);
    if (name.isEmpty()) {
      return Optional.of(new Many(Listing.all("")));
    }
    boolean onlyDirectory = path.endsWith("/");
    Optional<BlobProperties> blob = onlyDirectory ? Optional.empty() : head(name);
    boolean isFile = blob.isPresent() && !blob.get().isFolder();
    if (anyBelow(name)) {
      return Optional.of(new Many(Listing.all(name + "/")));
    }
    if (isFile) {
      return Optional.of(new File(new Wanted(name, version(blob.get()))));
    }
    if (blob.isPresent() || (onlyDirectory && head(name).filter(b -> b.isFolder()).isPresent())) {
      return Optional.of(new Many(Listing.all(name + "/")));
    }
    return PathGlob.isGlob(name)
        ? Optional.of(new Many(Listing.matching(PathGlob.of(name))))
        : Optional.empty();
  }

  private static String strip(String path) {
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(0, end);
  }

  /** The file as it is now; empty when there is none. */
  Optional<Wanted> file(String name) throws IOException {
    return head(name).filter(b -> !b.isFolder()).map(b -> new Wanted(name, version(b)));
  }

  private Optional<BlobProperties> head(String name) throws IOException {
    try {
      return Optional.of(service.head(container, prefix + name));
    } catch (AzcpException e) {
      if (e.errno() == Errno.ENOENT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private boolean anyBelow(String name) throws IOException {
    boolean[] any = {false};
    var query = new ListQuery(prefix + name + "/", false, "", 1, false);
    do {
      String next = service.list(container, query, (n, p) -> any[0] = true);
      query = query.from(next);
    } while (!any[0] && !query.marker().isEmpty());
    return any[0];
  }

  /**
   * One page of a listing.
   *
   * @param files its files, in order; directory markers have a null version
   * @param directories directories of a listing of one directory only, without trailing slash
   * @param next the marker of the next page, empty after the last
   */
  record Page(List<Wanted> files, Set<String> directories, String next) {}

  /** Fetches one page. */
  Page page(Listing listing, String marker) throws IOException {
    var query =
        new ListQuery(
            prefix + listing.prefix(), listing.oneDirectory(), marker, ListQuery.MAX_PAGE, true);
    List<Wanted> files = new ArrayList<>();
    Set<String> directories = new HashSet<>();
    String next =
        service.list(
            container,
            query,
            new ListVisitor() {
              @Override
              public void blob(String name, BlobProperties p) {
                boolean marker = p.isFolder() || name.endsWith("/");
                files.add(new Wanted(relative(name), marker ? null : version(p)));
              }

              @Override
              public void prefix(String name) {
                directories.add(strip(relative(name)));
              }
            });
    return new Page(files, directories, next);
  }

  private String relative(String blob) {
    return blob.substring(prefix.length());
  }

  private static BlobVersion version(BlobProperties p) {
    return new BlobVersion(p.etag(), p.length(), p.lastModified(), p.contentMd5());
  }
}
