package io.azcp.transfer.blob;

/**
 * What List Blobs is asked for.
 *
 * @param prefix only names that start with it
 * @param hierarchical whether names are cut at the first {@code /} after the prefix
 * @param marker where to go on, empty for the start
 * @param maxResults items a page at most, 1 to 5,000
 * @param metadata whether items carry their metadata
 * @param tags whether items carry their tags, which takes a right of its own
 * @param created whether items carry the time of their creation, which takes time to read
 */
public record ListQuery(
    String prefix,
    boolean hierarchical,
    String marker,
    int maxResults,
    boolean metadata,
    boolean tags,
    boolean created) {
  /** The most items a page can hold. */
  public static final int MAX_PAGE = 5000;

  /** Without times of creation. */
  public ListQuery(
      String prefix,
      boolean hierarchical,
      String marker,
      int maxResults,
      boolean metadata,
      boolean tags) {
    this(prefix, hierarchical, marker, maxResults, metadata, tags, false);
  }

  /** Without tags. */
  public ListQuery(
      String prefix, boolean hierarchical, String marker, int maxResults, boolean metadata) {
    this(prefix, hierarchical, marker, maxResults, metadata, false);
  }

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
    return new ListQuery(prefix, hierarchical, newMarker, maxResults, metadata, tags, created);
  }

  /** The same query with or without metadata and tags. */
  public ListQuery including(boolean withMetadata, boolean withTags) {
    return new ListQuery(prefix, hierarchical, marker, maxResults, withMetadata, withTags, created);
  }

  /** The same query, whose items carry the time of their creation. */
  public ListQuery withCreated() {
    return new ListQuery(prefix, hierarchical, marker, maxResults, metadata, tags, true);
  }
}
