package io.azcp.cluster;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.ListQuery;
import io.azcp.transfer.engine.BlobPages;
import io.azcp.transfer.engine.LocalPaths;
import io.azcp.transfer.engine.shard.ShardList;
import java.io.IOException;
import java.time.Instant;

/**
 * The files of the source, as the service or a list of the user's has them. Directory markers are
 * left out, and names that no path can hold, which are counted. Used by rank 0.
 */
final class Listing {
  private static final int SHOWN = 3;

  private final ClusterStorage storage;
  private final KnownFiles known;
  private final FileTable table;
  private final StringBuilder unholdable = new StringBuilder();
  private long skipped;
  private boolean single;

  /**
   * A listing into a table.
   *
   * @param known what an earlier run had
   */
  Listing(ClusterStorage storage, KnownFiles known, FileTable table) {
    this.storage = storage;
    this.known = known;
    this.table = table;
  }

  /** What goes before a file's name to make the blob's. */
  static String prefix(String name) {
    return BlobPages.directoryPrefix(name);
  }

  /** Asks the service. */
  void list(BlobService service) throws IOException {
    for (String root : storage.roots()) {
      list(service, root);
    }
  }

  private void list(BlobService service, String root) throws IOException {
    String prefix = prefix(root);
    String base = storage.base().orElse(prefix);
    var query = new ListQuery(prefix, false, "", ListQuery.MAX_PAGE, true);
    var matched = new boolean[1];
    BlobPages.each(
        service,
        storage.container(),
        query,
        (blobName, blob) -> {
          matched[0] = true;
          if (!blob.isFolder() && !blobName.endsWith("/")) {
            add(blobName.substring(base.length()), blob);
          }
        });
    if (!matched[0]) {
      one(service, root);
    }
  }

  private void one(BlobService service, String root) throws IOException {
    boolean blobName = !root.isEmpty() && !root.endsWith("/");
    String container = storage.container();
    BlobProperties blob = blobName ? BlobPages.headOrNull(service, container, root) : null;
    if (blob == null || blob.isFolder()) {
      String where = root.isEmpty() ? "container " + container : container + "/" + root;
      throw new AzcpException(Errno.ENOENT, "there is no blob at " + where + ": nothing to do");
    }
    String base = storage.base().orElse(root.substring(0, root.lastIndexOf('/') + 1));
    single = true;
    add(root.substring(base.length()), blob);
  }

  /** What goes before a file's name to make the blob's; told after the listing. */
  String prefix() {
    String name = storage.name();
    return storage
        .base()
        .orElseGet(() -> single ? name.substring(0, name.lastIndexOf('/') + 1) : prefix(name));
  }

  private void add(String relative, BlobProperties blob) throws IOException {
    String column = Instant.ofEpochMilli(blob.lastModified()).toString();
    add(relative, blob.length(), blob.etag(), blob.lastModified(), column, blob.contentMd5());
  }

  /** Takes a list of the user's; the service is not asked. */
  void take(ShardList list) throws IOException {
    String prefix = prefix(storage.name());
    list.each(
        entry -> {
          if (!entry.name().endsWith("/")) {
            // Such a list may come from a listing, which tells whole names.
            String below =
                entry.name().startsWith(prefix)
                    ? entry.name().substring(prefix.length())
                    : entry.name();
            add(below, entry.size(), "", -1, entry.modified(), "");
          }
        });
  }

  private void add(
      String relative, long size, String etag, long modified, String column, String md5)
      throws IOException {
    if (LocalPaths.holds(relative)) {
      boolean before = known.has(relative, size, column);
      table.add(new Entry(relative, size, etag, modified, column, md5, before));
    } else {
      if (skipped++ < SHOWN) {
        unholdable.append(skipped > 1 ? ", " : "").append(relative);
      }
    }
  }

  /** What was left out, in one sentence; empty for nothing. */
  String leftOut() {
    return skipped == 0
        ? ""
        : "skipped "
            + skipped
            + (skipped == 1 ? " blob whose name" : " blobs whose names")
            + " no path can hold: "
            + unholdable
            + (skipped > SHOWN ? " and others" : "");
  }
}
