package io.azcp.transfer.engine.list;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.ListVisitor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The blobs of a page that came before its turn. Filled by one thread, replayed by another. */
final class Page implements ListVisitor {
  private final List<String> names = new ArrayList<>();
  private final List<BlobProperties> blobs = new ArrayList<>();
  private final String within;
  private final BooleanSupplier unwanted;
  private boolean left;

  /**
   * An empty page.
   *
   * @param within names that do not start with this end the listing
   * @param unwanted asked with every item; ends the call that fills the page
   */
  Page(String within, BooleanSupplier unwanted) {
    this.within = within;
    this.unwanted = unwanted;
  }

  @Override
  public void blob(String name, BlobProperties properties) throws IOException {
    if (unwanted.getAsBoolean()) {
      throw new AzcpException(Errno.ECANCELED, "the listing was given up");
    }
    left |= !name.startsWith(within);
    if (!left) {
      add(name, properties);
    }
  }

  /** Adds a blob; what it has in common with the one before is kept once. */
  void add(String name, BlobProperties properties) {
    names.add(name);
    blobs.add(blobs.isEmpty() ? properties : shared(properties, blobs.get(blobs.size() - 1)));
  }

  private static BlobProperties shared(BlobProperties blob, BlobProperties before) {
    return new BlobProperties(
        shared(blob.etag(), before.etag()),
        blob.length(),
        blob.lastModified(),
        shared(blob.contentType(), before.contentType()),
        shared(blob.contentMd5(), before.contentMd5()),
        shared(blob.blobType(), before.blobType()),
        shared(blob.tier(), before.tier()),
        blob.metadata(),
        shared(blob.details(), before.details()));
  }

  private static <T> T shared(T value, T before) {
    return value.equals(before) ? before : value;
  }

  /** Whether a name was met that does not belong here. */
  boolean left() {
    return left;
  }

  int size() {
    return names.size();
  }

  /** Whether its names come in the order of their bytes, and after another. */
  boolean follows(String name) {
    String before = name;
    for (String next : names) {
      if (NameOrder.compare(before, next) >= 0) {
        return false;
      }
      before = next;
    }
    return true;
  }

  String last() {
    return names.get(names.size() - 1);
  }

  void replay(ListVisitor visitor) throws IOException {
    for (int i = 0; i < names.size(); i++) {
      visitor.blob(names.get(i), blobs.get(i));
    }
  }
}
