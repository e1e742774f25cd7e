package io.azcp.transfer.blob;

/**
 * What Get Blob Properties and listings tell beyond {@link BlobProperties}; answers to gets and to
 * changes do not.
 *
 * @param headers further content headers and the tier; tags only in a listing that asked for them
 * @param created milliseconds since the epoch; −1 where it is not told; in listings only where it
 *     was asked for
 * @param leaseState leased, expired, breaking or broken; available or empty where there is none
 * @param archiveStatus as rehydrate-pending-to-hot while it is brought back; or empty
 * @param copyStatus pending, success, aborted or failed where the blob was made by a Copy Blob; or
 *     empty. Not in listings.
 * @param copySource URL of what it was copied from, without query; or empty. Not in listings.
 * @param tagCount number of its tags
 */
public record BlobDetails(
    BlobHeaders headers,
    long created,
    String leaseState,
    String archiveStatus,
    String copyStatus,
    String copySource,
    int tagCount) {
  /** Nothing is known. */
  public static final BlobDetails NONE = new BlobDetails(BlobHeaders.NONE, -1, "", "", "", "", 0);
}
