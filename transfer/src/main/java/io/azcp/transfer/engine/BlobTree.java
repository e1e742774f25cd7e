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
  private final boolean source;
  private final Predicate<Entry> markers;
  private volatile UnholdableNames unholdable = new UnholdableNames();
  private volatile boolean marked;

  private BlobTree(
      Job job,
      BlobService service,
      String container,
      String name,
      boolean source,
      Predicate<Entry> markers) {
    this.job = job;
    this.service = service;
    this.container = container;
    this.name = name;
    this.prefix = BlobPages.directoryPrefix(name);
    this.source = source;
    this.markers = markers;
  }

  /**
   * Blobs to be copied. Those whose names no path can hold are left out and told.
   *
   * @param name a directory's name, with or without a slash at its end; empty for the container
   * @param markers which blobs only stand for directories that are at the destination
   */
  static BlobTree source(
      Job job, BlobService service, String container, String name, Predicate<Entry> markers) {
    return new BlobTree(job, service, container, name, true, markers);
  }

  /**
   * Blobs to be replaced or removed. Markers of directories stay.
   *
   * @param name a directory's name, with or without a slash at its end; empty for the container
   * @param markers which blobs stand for directories of the source
   */
  static BlobTree destination(
      Job job, BlobService service, String container, String name, Predicate<Entry> markers) {
    return new BlobTree(job, service, container, name, false, markers);
  }

  static String withoutSlash(String name) {
    return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
  }

  /** What goes before an entry's name to make the blob's. */
  String prefix() {
    return prefix;
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
    boolean slash = relative.endsWith("/");
    boolean holdable = LocalPaths.holds(withoutSlash(relative)) && !(slash && blob.length() > 0);
    if (source && !holdable) {
      left.add(prefix + relative);
      return Entry.Kind.OTHER;
    }
    return slash || blob.isFolder() ? Entry.Kind.DIRECTORY : Entry.Kind.FILE;
  }

  private long modified(BlobProperties blob) {
    return job.options.preservePosix() ? PosixAttributes.modified(blob) : blob.lastModified();
  }

  @Override
  public boolean takes(Entry entry) {
    return (source || entry.kind() == Entry.Kind.FILE)
        && job.options.filter().accepts(entry.name(), entry.modified())
        && !markers.test(entry);
  }

  @Override
  public SourceFile file(Entry entry) {
    String name = withoutSlash(entry.name());
    boolean directory = entry.kind() == Entry.Kind.DIRECTORY;
    return SourceFile.of(directory ? name + "/" : name, entry.blob());
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
