package io.azcp.prefetch;

import io.azcp.prefetch.BlobNames.Page;
import java.util.function.Consumer;

/**
 * One path of a preparation on its way through its listing, page by page. Used by the thread that
 * runs the preparation.
 */
final class Enumeration {
  private final String path;
  private final Listing listing;
  private final Consumer<Wanted> out;
  private final VisibleNames visible;
  private String marker = "";
  private boolean found;

  Enumeration(String path, Listing listing, Consumer<Wanted> out) {
    this.path = path;
    this.listing = listing;
    this.out = out;
    this.visible = new VisibleNames(this::pass);
  }

  String path() {
    return path;
  }

  Listing listing() {
    return listing;
  }

  /** Where the next page starts. */
  String marker() {
    return marker;
  }

  /** Whether anything was found that the path means. */
  boolean found() {
    return found || listing.glob() == null;
  }

  long skipped() {
    return visible.skipped();
  }

  /** Takes the next page. Answers whether there is another. */
  boolean take(Page page) {
    for (Wanted file : page.files()) {
      if (file.version() == null || page.directories().contains(file.name())) {
        visible.directory(file.name());
      } else {
        visible.file(file);
      }
    }
    marker = page.next();
    if (marker.isEmpty()) {
      visible.end();
      return false;
    }
    return true;
  }

  private void pass(Wanted file) {
    if (listing.wants(file.name())) {
      found = true;
      out.accept(file);
    }
  }
}
