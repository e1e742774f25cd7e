package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.ListQuery;
import io.azcp.transfer.blob.ListVisitor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A directory's listing with the directories first. The service mixes both by name, so blobs are
 * held back until the last page; of more than {@value #HELD_BACK} the rest is asked for again
 * rather than held, so that memory does not grow with the directory. A directory's marker is shown
 * as the directory, and once.
 */
public final class BlobListing {
  /** Some 30 MiB of names and properties. */
  private static final int HELD_BACK = 50_000;

  /** Hears the entries: the directories (with a slash at the end), then the blobs. */
  public interface Visitor {
    /** A directory. */
    void directory(String name);

    /** A blob; bytes, and milliseconds since the epoch. */
    void blob(String name, long length, long lastModified);

    /** A blob with all that the listing tells of it. */
    default void blob(String name, BlobProperties blob) {
      blob(name, blob.length(), blob.lastModified());
    }
  }

  /** What was shown. */
  public record Totals(long directories, long blobs, long bytes) {}

  private record Held(String name, BlobProperties blob) {}

  private final BlobService service;
  private final String container;
  private final String prefix;
  private final Visitor visitor;
  private final List<Held> held = new ArrayList<>();
  private final Set<String> markers = new LinkedHashSet<>();
  private long directories;
  private long blobs;
  private long bytes;
  private boolean marked;

  private BlobListing(BlobService service, String container, String prefix, Visitor visitor) {
    this.service = service;
    this.container = container;
    this.prefix = prefix;
    this.visitor = visitor;
  }

  /**
   * Lists what lies in a directory, or below it; or the one blob of that name.
   *
   * @param name a directory with or without a slash at its end, empty for the container, or a blob
   * @throws AzcpException {@code ENOENT} where there is neither
   */
  public static Totals list(
      BlobService service, String container, String name, boolean recursive, Visitor visitor)
      throws IOException {
    String prefix = BlobPages.directoryPrefix(name);
    ListQuery query = recursive ? ListQuery.flat(prefix) : ListQuery.directory(prefix);
    return list(service, container, name, query, visitor);
  }

  /** The same, telling of each blob when it was created, too. */
  public static Totals listWithCreated(
      BlobService service, String container, String name, boolean recursive, Visitor visitor)
      throws IOException {
    String prefix = BlobPages.directoryPrefix(name);
    ListQuery query = recursive ? ListQuery.flat(prefix) : ListQuery.directory(prefix);
    return list(service, container, name, query.withCreated(), visitor);
  }

  private static Totals list(
      BlobService service, String container, String name, ListQuery query, Visitor visitor)
      throws IOException {
    var listing = new BlobListing(service, container, query.prefix(), visitor);
    if (query.hierarchical()) {
      listing.directory(query, HELD_BACK);
    } else {
      BlobPages.each(service, container, query, listing::below);
    }
    return listing.orItself(name);
  }

  /** A directory's own entries, page by page, holding back at most so many blobs and a page. */
  static Totals directory(
      BlobService service, String container, ListQuery query, int limit, Visitor visitor)
      throws IOException {
    var listing = new BlobListing(service, container, query.prefix(), visitor);
    listing.directory(query, limit);
    return listing.orItself(query.prefix());
  }

  private Totals orItself(String name) throws IOException {
    boolean nothing = !marked && blobs + directories == 0;
    if (nothing && !name.isEmpty()) {
      itself(name);
    }
    return new Totals(directories, blobs, bytes);
  }

  private void itself(String name) throws IOException {
    boolean slash = name.endsWith("/");
    String blobName = slash ? name.substring(0, name.length() - 1) : name;
    BlobProperties blob = BlobPages.headOrNull(service, container, blobName);
    if (blob == null || (slash && !blob.isFolder())) {
      throw new AzcpException(
          Errno.ENOENT, "there is no blob or directory " + container + "/" + name);
    }
    if (!blob.isFolder()) {
      show(blobName, blob);
    }
  }

  private void below(String name, BlobProperties blob) {
    if (name.equals(prefix)) {
      marked = true;
    } else if (name.endsWith("/")) {
      showDirectory(name);
    } else {
      show(name, blob);
    }
  }

  private void directory(ListQuery query, int limit) throws IOException {
    String overflow = null;
    String marker = "";
    do {
      if (overflow == null && held.size() > limit) {
        overflow = marker;
      }
      marker = service.list(container, query.from(marker), new FirstPass(overflow == null));
    } while (!marker.isEmpty());
    for (String name : markers) {
      showDirectory(name);
    }
    for (Held each : held) {
      show(each.name(), each.blob());
    }
    if (overflow != null) {
      BlobPages.each(service, container, query.from(overflow), new SecondPass());
    }
  }

  private void showDirectory(String name) {
    directories++;
    visitor.directory(name);
  }

  private void show(String name, BlobProperties blob) {
    blobs++;
    bytes += blob.length();
    visitor.blob(name, blob);
  }

  private final class FirstPass implements ListVisitor {
    private final boolean holding;

    FirstPass(boolean holding) {
      this.holding = holding;
    }

    @Override
    public void blob(String name, BlobProperties blob) {
      if (name.equals(prefix)) {
        marked = true;
      } else if (blob.isFolder()) {
        markers.add(name + "/");
      } else if (holding) {
        held.add(new Held(name, blob));
      }
    }

    @Override
    public void prefix(String name) {
      markers.remove(name);
      showDirectory(name);
    }
  }

  private final class SecondPass implements ListVisitor {
    @Override
    public void blob(String name, BlobProperties blob) {
      if (!blob.isFolder() && !name.equals(prefix)) {
        show(name, blob);
      }
    }
  }
}
