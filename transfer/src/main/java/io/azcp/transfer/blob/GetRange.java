package io.azcp.transfer.blob;

/**
 * Which bytes of which version to get.
 *
 * @param offset first byte
 * @param length bytes wanted, or −1 for all to the end; 0 sends no request for data
 * @param ifMatch ETag without quotes the blob must still have, or null for any
 */
public record GetRange(long offset, long length, String ifMatch) {
  /** The whole blob, any version. */
  public static final GetRange ALL = new GetRange(0, -1, null);

  /** A range of one version. */
  public static GetRange of(long offset, long length, String etag) {
    return new GetRange(offset, length, etag);
  }
}
