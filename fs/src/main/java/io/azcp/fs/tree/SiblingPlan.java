package io.azcp.fs.tree;

import io.azcp.fs.writeback.RemoteFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Decides which small files of one directory to fetch because others of it are read: none for the
 * first {@link #PATIENCE} of them, then {@link #AT_ONCE} for each, the next in the listing's order
 * first. Whoever reads all files, in whatever order, soon finds most of them here; whoever reads a
 * few causes at most as many times that. Not thread-safe.
 */
final class SiblingPlan {
  /** Files of a directory that are read before the others are thought of. */
  static final int PATIENCE = 8;

  /** Files that are fetched for each that is read then. */
  static final int AT_ONCE = 4;

  /** Above this size a file is worth a decision of its own. */
  static final long SMALL = 1 << 20;

  private final long ticketNanos;
  private final String[] parts;
  private final RemoteFile[] files;
  private final BitSet done = new BitSet();
  private int reads;

  SiblingPlan(Listing listing) {
    this.ticketNanos = listing.ticketNanos();
    List<Map.Entry<String, Found>> small =
        listing.names().entrySet().stream()
            .filter(e -> e.getValue() instanceof Found.Remote r && isSmall(r.file()))
            .sorted(Comparator.comparing(e -> e.getKey()))
            .toList();
    parts = small.stream().map(e -> e.getKey()).toArray(String[]::new);
    files =
        small.stream().map(e -> ((Found.Remote) e.getValue()).file()).toArray(RemoteFile[]::new);
  }

  static boolean isSmall(RemoteFile file) {
    return file.version().length() <= SMALL && file.version().length() > 0;
  }

  /** Whether it was made from this listing: one that arrived since is another, whatever it says. */
  @SuppressWarnings("ReferenceEquality")
  boolean isOf(Listing other) {
    return ticketNanos == other.ticketNanos();
  }

  /**
   * A small file is read that was not here, or that was fetched by this plan.
   *
   * @return what to fetch now; each file once
   */
  List<RemoteFile> read(String part) {
    int at = Arrays.binarySearch(parts, part);
    if (at < 0) {
      return List.of();
    }
    done.set(at);
    reads++;
    List<RemoteFile> next = new ArrayList<>();
    int index = at;
    while (reads > PATIENCE && next.size() < AT_ONCE) {
      index = done.nextClearBit(index);
      if (index >= parts.length) {
        index = done.nextClearBit(0);
      }
      if (index >= parts.length) {
        break;
      }
      done.set(index);
      next.add(files[index]);
    }
    return next;
  }

  /** Whether the file was read or fetched before. */
  boolean knows(String part) {
    int at = Arrays.binarySearch(parts, part);
    return at >= 0 && done.get(at);
  }
}
