package io.azcp.fs.tree;

import io.azcp.fs.tree.ListingHead.Moment;
import io.azcp.transfer.blob.BlobProperties;
import java.util.ArrayList;
import java.util.List;

/**
 * A directory's listing on its way into the index, page by page, beside the one that is there.
 * Names must come in their order, or it is not kept. Used by one thread at a time.
 */
final class NameRecording implements AutoCloseable {
  /** A block of long names and much metadata is closed early: an index takes values of a limit. */
  private static final int MOST_WEIGHT = 8 << 10;

  private final KnownNames names;
  private final String directory;
  private final long generation;
  private final int side;
  private final boolean large;
  private final List<ListedItem> block = new ArrayList<>();
  private Moment first;
  private String lastKey = "";
  private int weight;
  private int blocks;
  private boolean broken;
  private volatile boolean changed;

  /** One that {@link KnownNames} knows of; {@code generation} 0 records nothing. */
  NameRecording(KnownNames names, String directory, long generation, int side, boolean large) {
    this.names = names;
    this.directory = directory;
    this.generation = generation;
    this.side = side;
    this.large = large;
    this.broken = generation == 0;
  }

  String directory() {
    return directory;
  }

  /** The directory was changed here meanwhile. */
  void changed() {
    changed = true;
  }

  /** A page has arrived. */
  void page(long ticketNanos, long askedNanos, List<ListedItem> items) {
    if (broken) {
      return;
    }
    Moment when = names.moment(ticketNanos, askedNanos);
    first = first == null ? when : first;
    for (ListedItem item : items) {
      int order = item.key().compareTo(lastKey);
      if (order < 0) {
        broken = true;
        names.abandon(this);
        return;
      }
      if (order == 0) {
        continue;
      }
      lastKey = item.key();
      int more = NameBlock.weight(item);
      if (block.size() == NameBlock.MOST_ITEMS || weight + more > MOST_WEIGHT) {
        write(when);
      }
      block.add(item);
      weight += more;
    }
    write(when);
    if (large) {
      names.growing(this, new ListingHead(generation, side, true, false, blocks, first, null));
    }
  }

  private void write(Moment when) {
    if (!block.isEmpty()) {
      names.put(
          KnownNames.blockKey(directory, side, blocks), NameBlock.encode(generation, when, block));
      blocks++;
      block.clear();
      weight = 0;
    }
  }

  /**
   * All pages were there: this is the directory's listing now.
   *
   * @param slashMarker of a blob of the directory's name and a slash; null for none
   * @param tooLarge whether it has too many names to be kept as one
   */
  void complete(BlobProperties slashMarker, boolean tooLarge) {
    if (!broken && first != null) {
      names.install(
          this, new ListingHead(generation, side, tooLarge, true, blocks, first, slashMarker));
    }
  }

  boolean isChanged() {
    return changed;
  }

  /** Ends it, complete or not. What came of a large directory still tells of its names. */
  @Override
  public void close() {
    names.closed(this);
  }
}
