package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.ListQuery;
import io.azcp.transfer.engine.sync.Entry;
import io.azcp.transfer.engine.sync.EntryStream;
import io.azcp.transfer.engine.sync.Plan;
import io.azcp.transfer.engine.sync.Readahead;
import java.io.IOException;
import java.util.function.Predicate;

/** The blobs below a prefix as a side of a sync. */
final class BlobTree implements SyncSource {
  private final Job job;
  private final BlobService service;
  private final String container;
  private final String name;
  private final String prefix;
  private final Role role;
  private final Predicate<Entry> markers;
  private volatile UnholdableNames unholdable = new UnholdableNames();
  private volatile boolean marked;

  /** What it is to a sync. */
  private enum Role {
    /** Its blobs become files. */
    TO_FILES,
    /** Its blobs become blobs, markers of directories too. */
    TO_BLOBS,
    /** Its blobs are replaced or removed. */
    DESTINATION
  }

  private BlobTree(
      Job job,
      BlobService service,
      String container,
      String name,
      Role role,
      Predicate<Entry> markers) {
    this.job = job;
    this.service = service;
    this.container = container;
    this.name = name;
    this.prefix = BlobPages.directoryPrefix(name);
    this.role = role;
    this.markers = markers;
  }

  /**
   * Blobs to be copied to this machine. Those whose names no path can hold are left out and told.
   *
   * @param name a directory's name, with or without a slash at its end; empty for the container
   * @param markers which blobs only stand for directories that are at the destination
   */
  static BlobTree fileSource(
      Job job, BlobService service, String container, String name, Predicate<Entry> markers) {
    return new BlobTree(job, service, container, name, Role.TO_FILES, markers);
  }

  /** Blobs to be copied to other blobs, each under its name. */
  static BlobTree blobSource(Job job, BlobService service, String container, String name) {
    return new BlobTree(job, service, container, name, Role.TO_BLOBS, blob -> false);
  }

  /**
   * Blobs to be replaced or removed. Markers of directories stay.
   *
   * @param name a directory's name, with or without a slash at its end; empty for the container
   * @param markers which blobs stand for directories of the source
   */
  static BlobTree destination(
      Job job, BlobService service, String container, String name, Predicate<Entry> markers) {
    return new BlobTree(job, service, container, name, Role.DESTINATION, markers);
  }

  static String withoutSlash(String name) {
    return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
  }

  /** What goes before an entry's name to make the blob's. */
  String prefix() {
    return prefix;
  }

  /** {@code EINVAL} where one of two trees lies in the other. */
  void checkApart(BlobTree other) throws AzcpException {
    boolean overlap =
        service.account().withSas("").equals(other.service.account().withSas(""))
            && container.equals(other.container)
            && (prefix.startsWith(other.prefix) || other.prefix.startsWith(prefix));
    if (overlap) {
      throw new AzcpException(
          Errno.EINVAL,
          container
              + "/"
              + prefix
              + " and "
              + container
              + "/"
              + other.prefix
              + " overlap: a sync"
              + " of the one with the other has no end");
    }
  }

  String container() {
    return container;
  }

  @Override
  public EntryStream open() {
    // With metadata, which tells the markers of directories from empty files.
    var query = new ListQuery(prefix, false, "", ListQuery.MAX_PAGE, true);
    // An earlier listing, given up because of its order, may not have ended yet.
    var left = new UnholdableNames();
    unholdable = left;
    return Readahead.of(
        sink ->
            BlobPages.each(
                service,
                container,
                query,
                (blobName, blob) -> {
                  job.checkGoing();
                  if (blobName.length() > prefix.length()) {
                    sink.add(entry(blobName.substring(prefix.length()), blob, left));
                  } else {
                    marked = true;
                  }
                }));
  }

  private Entry entry(String relative, BlobProperties blob, UnholdableNames left) {
    return Entry.remote(relative, kind(relative, blob, left), modified(blob), blob);
  }

  private Entry.Kind kind(String relative, BlobProperties blob, UnholdableNames left) {
    if (role == Role.TO_BLOBS) {
      return Entry.Kind.FILE;
    }
    boolean slash = relative.endsWith("/");
    boolean holdable = LocalPaths.holds(withoutSlash(relative)) && !(slash && blob.length() > 0);
    if (role == Role.TO_FILES && !holdable) {
      left.add(prefix + relative);
      return Entry.Kind.OTHER;
    }
    return slash || blob.isFolder() ? Entry.Kind.DIRECTORY : Entry.Kind.FILE;
  }

  /**
   * When a blob was changed, by this machine's clock where local files, or blobs of another
   * service, are compared with it; a download gives its file the service's time as it is.
   */
  private long modified(BlobProperties blob) {
    return role == Role.TO_FILES
        ? BlobTimes.modified(blob, job.options)
        : BlobTimes.here(blob, job.options, service);
  }

  @Override
  public boolean takes(Entry entry) {
    return (role != Role.DESTINATION || entry.kind() == Entry.Kind.FILE)
        && job.options.filter().accepts(entry.name(), entry.modified())
        && !markers.test(entry);
  }

  @Override
  public SourceFile file(Entry entry) {
    if (entry.kind() == Entry.Kind.DIRECTORY) {
      return SourceFile.of(withoutSlash(entry.name()) + "/", entry.blob());
    }
    return new SourceFile(
        entry.name(),
        SourceFile.Kind.FILE,
        entry.length(),
        entry.blob().lastModified(),
        null,
        entry.blob());
  }

  @Override
  public String shown(Entry entry) {
    return prefix + entry.name();
  }

  @Override
  public void checkFound(Plan plan) throws IOException {
    unholdable.report(job::warn);
    if (!plan.sourceIsEmpty() || marked || name.isEmpty()) {
      return;
    }
    boolean one = !name.endsWith("/") && BlobPages.headOrNull(service, container, name) != null;
    String where = container + "/" + name;
    throw one
        ? new AzcpException(
            Errno.ENOTDIR, where + " is one blob; copy single blobs with 'azcp copy'")
        : new AzcpException(Errno.ENOENT, "there is no blob below " + where + ": nothing synced");
  }
}
