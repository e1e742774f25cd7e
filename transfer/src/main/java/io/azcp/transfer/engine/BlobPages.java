package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.ListQuery;
import io.azcp.transfer.blob.ListVisitor;
import io.azcp.transfer.engine.list.ListAhead;
import java.io.IOException;

/** Listings over all their pages, and questions to the service that need a listing. */
public final class BlobPages {
  private BlobPages() {}

  /**
   * Every item in the service's order, on the calling thread; where pages are slow they are asked
   * for side by side and ahead (see {@link ListAhead}).
   */
  public static void each(
      BlobService service, String container, ListQuery query, ListVisitor visitor)
      throws IOException {
    ListAhead.each(service, container, query, visitor);
  }

  /** Whether a name is that of a directory: some blob lies below it. */
  static boolean hasChildren(BlobService service, String container, String name)
      throws IOException {
    return hasAny(service, container, directoryPrefix(name));
  }

  /** Whether there is a blob whose name starts so. */
  public static boolean hasAny(BlobService service, String container, String prefix)
      throws IOException {
    var found = new boolean[1];
    var query = new ListQuery(prefix, false, "", 1, false);
    String marker = "";
    do {
      marker = service.list(container, query.from(marker), (n, properties) -> found[0] = true);
    } while (!found[0] && !marker.isEmpty());
    return found[0];
  }

  /** The blob's properties, or null where there is none. */
  public static BlobProperties headOrNull(BlobService service, String container, String name)
      throws IOException {
    try {
      return service.head(container, name);
    } catch (AzcpException e) {
      boolean blobIsAbsent =
          e.errno() == Errno.ENOENT
              && !(e instanceof io.azcp.transfer.blob.ServiceException refused
                  && refused.code().startsWith("Container"));
      if (blobIsAbsent) {
        return null;
      }
      throw e;
    }
  }

  /** What the names below a directory start with; empty for the container itself. */
  public static String directoryPrefix(String name) {
    return name.isEmpty() || name.endsWith("/") ? name : name + "/";
  }

  /** The last part of a name. */
  static String lastPart(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
