package io.azcp.transfer.blob;

/**
 * What List Blobs is asked for.
 *
 * @param prefix only names that start with it
 * @param hierarchical whether names are cut at the first {@code /} after the prefix
 * @param marker where to go on, empty for the start
 * @param maxResults items a page at most, 1 to 5,000
 * @param metadata whether items carry their metadata
 */
public record ListQuery(
    String prefix, boolean hierarchical, String marker, int maxResults, boolean metadata) {
  /** The most items a page can hold. */
  public static final int MAX_PAGE = 5000;

  /** All names below a prefix, flat. */
  public static ListQuery flat(String prefix) {
    return new ListQuery(prefix, false, "", MAX_PAGE, false);
  }

  /** One directory, with metadata. */
  public static ListQuery directory(String prefix) {
    return new ListQuery(prefix, true, "", MAX_PAGE, true);
  }

  /** The same query from a marker on. */
  public ListQuery from(String newMarker) {
    return new ListQuery(prefix, hierarchical, newMarker, maxResults, metadata);
  }
}
