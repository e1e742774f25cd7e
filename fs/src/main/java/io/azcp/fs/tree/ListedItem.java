package io.azcp.fs.tree;

import io.azcp.transfer.blob.BlobProperties;

/**
 * One line of a listing.
 *
 * @param key the last part of a blob's name; of a directory that only names below it make one, with
 *     the slash that follows it. The service lists in the order of these keys
 * @param properties of the blob; null for such a directory
 */
record ListedItem(String key, BlobProperties properties) {
  boolean isDirectory() {
    return properties == null;
  }

  /** The name in its directory. */
  String part() {
    return isDirectory() ? key.substring(0, key.length() - 1) : key;
  }
}
