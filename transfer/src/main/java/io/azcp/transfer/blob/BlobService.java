package io.azcp.transfer.blob;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * One storage account through one credential. Names are blob names as Unicode strings, never
 * encoded; implementations encode them for the wire. Every call blocks its thread, has a deadline
 * and throws {@link ServiceException} (the service refused) or another {@link
 * io.azcp.base.AzcpException} (the service could not be reached, or answered nonsense).
 * Thread-safe.
 *
 * <p>Operations are those of the Blob service REST API, version {@link #API_VERSION}.
 */
public interface BlobService extends AutoCloseable {
  /** The x-ms-version every request carries. */
  String API_VERSION = "2024-11-04";

  /** Blobs one {@link #deleteBatch} can take (Blob Batch). */
  int MAX_BATCH = 256;

  /** The account this service speaks for, with its endpoint; container and name are empty. */
  BlobUrl account();

  /**
   * How far the service's clock is ahead of this machine's, in milliseconds, as the dates of its
   * answers tell; 0 until one came, and for less than a difference of {@link
   * ClockOffset#NOTICEABLE}. Local times plus this compare to the service's.
   */
  default long clockAheadMillis() {
    return 0;
  }

  /** Create Container. {@code EEXIST} where it exists. */
  void createContainer(String container) throws IOException;

  /** Delete Container. {@code ENOENT} where there is none. */
  void deleteContainer(String container) throws IOException;

  /** List Containers, all pages. */
  List<ContainerItem> listContainers() throws IOException;

  /**
   * One page of List Blobs. Items are handed over while the answer is read; a visitor that throws
   * ends the call with that exception. A retried page never shows an item twice.
   *
   * @return the marker of the next page, empty after the last; an empty page may carry a marker
   */
  String list(String container, ListQuery query, ListVisitor visitor) throws IOException;

  /** Get Blob Properties. {@code ENOENT} where there is none. */
  BlobProperties head(String container, String name) throws IOException;

  /**
   * Get Blob, whole or a range, optionally pinned to an ETag ({@code ESTALE} where it changed). The
   * sink gets every byte of the range exactly once and in order; a body cut short is never
   * accepted.
   */
  BlobProperties get(String container, String name, GetRange range, BodySink sink)
      throws IOException;

  /** Put Blob (block blob, whole body in one request). */
  BlobProperties put(String container, String name, BodySource body, PutOptions options)
      throws IOException;

  /** Put Block; {@code blockId} is the raw id in Base64. */
  void putBlock(String container, String name, String blockId, BodySource body) throws IOException;

  /** Put Block List: commits the blocks in this order as the blob's content. */
  BlobProperties putBlockList(
      String container, String name, List<String> blockIds, PutOptions options) throws IOException;

  /** Get Block List, committed and uncommitted; {@code ENOENT} where the blob has neither. */
  BlockList blockList(String container, String name) throws IOException;

  /**
   * Copy Blob within this account, waited for until it is complete. {@code ESTALE} where the source
   * is no longer of {@code sourceEtag} (null: any). Content headers and MD5 are the source's.
   */
  BlobProperties copy(
      String sourceContainer,
      String sourceName,
      String sourceEtag,
      String container,
      String name,
      CopyOptions options)
      throws IOException;

  /**
   * The same with metadata and conditions only.
   *
   * @param metadata the destination's metadata, or null to copy the source's
   */
  default BlobProperties copy(
      String sourceContainer,
      String sourceName,
      String sourceEtag,
      String container,
      String name,
      Map<String, String> metadata,
      Conditions conditions)
      throws IOException {
    return copy(
        sourceContainer,
        sourceName,
        sourceEtag,
        container,
        name,
        new CopyOptions(metadata, "", Map.of(), conditions));
  }

  /**
   * A version of a blob as the service of another account can read it: by this service's SAS or
   * token, or by a SAS made of its key that holds for a day. Sends nothing.
   */
  CopySource copySource(String container, String name, BlobProperties version) throws IOException;

  /**
   * Put Blob From URL: the service itself fetches the content, at most 5,000 MiB. {@code ESTALE}
   * where the source has another ETag. What the options leave empty is taken from the source,
   * except tier and tags.
   */
  BlobProperties putFromUrl(String container, String name, CopySource source, PutOptions options)
      throws IOException;

  /** Put Block From URL: the service fetches a range of the source, at most 4,000 MiB. */
  void putBlockFromUrl(
      String container, String name, String blockId, CopySource source, long offset, long length)
      throws IOException;

  /** Set Blob Metadata: replaces all of it. */
  BlobProperties setMetadata(
      String container, String name, Map<String, String> metadata, Conditions conditions)
      throws IOException;

  /**
   * Set Blob Properties: replaces type, MD5 and the four content headers. Metadata, tier and tags
   * of the options are not looked at.
   */
  BlobProperties setHeaders(String container, String name, PutOptions options) throws IOException;

  /** Set Blob Tier: moves a blob to Hot, Cool, Cold or Archive, or begins to bring it back. */
  void setTier(String container, String name, String tier) throws IOException;

  /** Break Lease, at once. Does nothing where the blob has no lease. */
  void breakLease(String container, String name) throws IOException;

  /**
   * A link by which anybody can read one blob: for {@link ReadLink#BY_KEY} where this service has
   * the account's key, for {@link ReadLink#BY_IDENTITY} where it has an identity, which asks the
   * service for a key of its own. {@code EACCES} where it has neither.
   */
  ReadLink readLink(String container, String name) throws IOException;

  /** Get Blob Tags. */
  Map<String, String> tags(String container, String name) throws IOException;

  /** Set Blob Tags: replaces all of them; empty removes them. */
  void setTags(String container, String name, Map<String, String> tags) throws IOException;

  /** Delete Blob with its snapshots. {@code ENOENT} where there is none. */
  void delete(String container, String name, Conditions conditions) throws IOException;

  /**
   * Blob Batch: deletes up to {@link #MAX_BATCH} blobs with their snapshots in one request.
   *
   * @param blobs the names, each with the condition of its deletion
   * @return the refusals by name; empty where all are gone
   * @throws ServiceException where the request was refused as a whole, as services and SAS do that
   *     know no batches; nothing is deleted then
   */
  Map<String, ServiceException> deleteBatch(String container, Map<String, Conditions> blobs)
      throws IOException;

  /** Closes every connection; calls under way end with {@code ECANCELED}. */
  @Override
  void close();
}
