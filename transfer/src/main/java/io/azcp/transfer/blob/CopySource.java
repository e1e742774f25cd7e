package io.azcp.transfer.blob;

/**
 * A version of a blob as another account's service can read it. Printing one never shows its
 * secrets.
 *
 * @param url where it is, encoded, with the SAS that lets it be read where there is one
 * @param authorization value of x-ms-copy-source-authorization, or empty
 * @param version which version; a copy of any other is refused
 */
public record CopySource(String url, String authorization, BlobProperties version) {
  /** The URL without its query, as services show it. */
  public String place() {
    int query = url.indexOf('?');
    return query < 0 ? url : url.substring(0, query);
  }

  @Override
  public String toString() {
    return place();
  }
}
