package io.azcp.fs.tree;

import io.azcp.fs.writeback.RemoteFile;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.ListVisitor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the answer of a hierarchical listing into the names of one directory: a directory wins over
 * a blob of its name, a marker blob is its directory, and what a path cannot hold is counted. Used
 * by one thread.
 */
final class ListingBuilder implements ListVisitor {
  private static final Logger LOG = LoggerFactory.getLogger(ListingBuilder.class);

  private final Volume volume;
  private final String directory;
  private final String prefix;
  private final Map<String, Found> names = new LinkedHashMap<>();
  private final List<ListedItem> items = new ArrayList<>();
  private BlobProperties slashMarker;
  private int unfit;

  ListingBuilder(Volume volume, String directory) {
    this.volume = volume;
    this.directory = directory;
    this.prefix = volume.listPrefix(directory);
  }

  @Override
  public void blob(String name, BlobProperties properties) {
    String part = name.substring(prefix.length());
    if (part.isEmpty()) {
      slashMarker = properties;
      return;
    }
    if (!Paths.fits(part)) {
      unfit++;
      return;
    }
    items.add(new ListedItem(part, properties));
    Found found = volume.found(Paths.join(directory, part), properties);
    Found before = names.get(part);
    if (before instanceof Found.Directory d) {
      if (found instanceof Found.Directory) {
        names.put(part, found);
      } else if (d.marker() == null) {
        volume.hidden().increment();
      }
    } else {
      names.put(part, found);
    }
  }

  @Override
  public void prefix(String name) {
    String part = name.substring(prefix.length(), name.length() - 1);
    if (!Paths.fits(part)) {
      unfit++;
      return;
    }
    items.add(new ListedItem(part + "/", null));
    Found before = names.get(part);
    if (before instanceof Found.Remote) {
      volume.hidden().increment();
    }
    if (!(before instanceof Found.Directory)) {
      names.put(part, volume.impliedDirectory());
    }
  }

  /** The blob of the directory's name and a slash; null for none. */
  RemoteFile slashMarker() {
    return slashMarker(volume, directory, slashMarker);
  }

  /** The blob of a directory's name and a slash, of which the service told that; null for none. */
  static RemoteFile slashMarker(Volume volume, String directory, BlobProperties properties) {
    if (properties == null) {
      return null;
    }
    Found self = volume.found(directory + "/", properties);
    return self instanceof Found.Remote r ? r.file() : ((Found.Directory) self).marker();
  }

  /** What the service told of that; null for none. */
  BlobProperties slashMarkerProperties() {
    return slashMarker;
  }

  /** What was listed, in the service's order, but for what no path can hold. */
  List<ListedItem> items() {
    return items;
  }

  int size() {
    return names.size();
  }

  /** The names so far. Tells once of those that no path can hold. */
  Map<String, Found> finish() {
    if (unfit > 0) {
      volume.hidden().add(unfit);
      LOG.warn(
          "{} names in {} cannot be shown: they have parts that are empty, . or .., or longer than"
              + " 255 bytes",
          unfit,
          volume.describe(directory));
      unfit = 0;
    }
    return names;
  }
}
