package io.azcp.transfer.blob;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * The containers of a {@link MemoryBlobService} and the rules by which blobs change: ETags,
 * conditions, blocks, and, where the namespace is hierarchical, directories. Not thread-safe.
 */
final class MemoryStore {
  private static final long FIRST_ETAG = 0x8DC0000000000000L;
  private static final int MAX_BLOCKS = 50_000;
  private static final int MAX_METADATA = 8 << 10;

  private final ListingOrder order;
  private final LongSupplier clock;
  private final NavigableMap<String, NavigableMap<String, StoredBlob>> containers = new TreeMap<>();
  private long etags = FIRST_ETAG;
  private long requests;

  MemoryStore(ListingOrder order, LongSupplier clock) {
    this.order = order;
    this.clock = clock;
  }

  void request() {
    requests++;
  }

  ServiceException refuse(String operation, String subject, int status, String code) {
    return ServiceErrors.of(operation, subject, status, code, "memory-" + requests, "");
  }

  long now() {
    return clock.getAsLong() / 1000 * 1000;
  }

  void create(String container) throws ServiceException {
    if (containers.putIfAbsent(container, new TreeMap<>(order.comparator())) != null) {
      throw refuse("create container", container, 409, "ContainerAlreadyExists");
    }
  }

  void remove(String container) throws ServiceException {
    blobs("delete container", container);
    containers.remove(container);
  }

  List<String> containers() {
    return new ArrayList<>(containers.keySet());
  }

  NavigableMap<String, StoredBlob> blobs(String operation, String container)
      throws ServiceException {
    NavigableMap<String, StoredBlob> all = containers.get(container);
    if (all == null) {
      throw refuse(operation, container, 404, ServiceErrors.CONTAINER_NOT_FOUND);
    }
    return all;
  }

  /** The blob, perhaps with nothing committed; null where there is none. */
  StoredBlob find(String operation, String container, String name) throws ServiceException {
    return blobs(operation, container).get(name);
  }

  StoredBlob.Committed committed(String operation, String container, String name)
      throws ServiceException {
    StoredBlob blob = find(operation, container, name);
    if (blob == null || blob.committed == null) {
      throw refuse(operation, container + "/" + name, 404, ServiceErrors.BLOB_NOT_FOUND);
    }
    return blob.committed;
  }

  /** The content, which a blob in the archive does not give. */
  StoredBlob.Committed readable(String operation, String container, String name)
      throws ServiceException {
    StoredBlob.Committed blob = committed(operation, container, name);
    if (blob.headers().tier().equals("Archive")) {
      throw refuse(operation, container + "/" + name, 409, "BlobArchived");
    }
    return blob;
  }

  void require(String operation, String container, String name, Conditions conditions)
      throws ServiceException {
    StoredBlob blob = find(operation, container, name);
    StoredBlob.Committed now = blob == null ? null : blob.committed;
    if (conditions.ifMatch() != null && (now == null || !now.etag().equals(conditions.ifMatch()))) {
      throw refuse(operation, container + "/" + name, 412, ServiceErrors.CONDITION_NOT_MET);
    }
    if (conditions.ifNoneMatch() != null && now != null) {
      throw refuse(operation, container + "/" + name, 409, ServiceErrors.BLOB_ALREADY_EXISTS);
    }
  }

  void stage(String container, String name, String blockId, byte[] bytes) throws ServiceException {
    NavigableMap<String, StoredBlob> all = blobs("put block", container);
    if (bytes.length == 0) {
      throw refuse("put block", container + "/" + name, 400, "InvalidHeaderValue");
    }
    if (Base64.getDecoder().decode(blockId).length > 64) {
      throw refuse("put block", container + "/" + name, 400, "InvalidQueryParameterValue");
    }
    StoredBlob blob = all.computeIfAbsent(name, n -> new StoredBlob());
    if (blob.staged.keySet().stream().anyMatch(id -> id.length() != blockId.length())) {
      throw refuse("put block", container + "/" + name, 400, "InvalidBlobOrBlock");
    }
    blob.staged.put(blockId, bytes);
  }

  /** The blocks of a list, from those staged and those committed before. */
  Map<String, byte[]> select(String container, String name, List<String> ids)
      throws ServiceException {
    StoredBlob blob = find("put block list", container, name);
    StoredBlob known = blob == null ? new StoredBlob() : blob;
    if (ids.size() > MAX_BLOCKS) {
      throw refuse("put block list", container + "/" + name, 400, "BlockListTooLong");
    }
    Map<String, byte[]> blocks = new LinkedHashMap<>();
    for (String id : ids) {
      byte[] block = known.staged.get(id);
      if (block == null && known.committed != null) {
        block = known.committed.blocks().get(id);
      }
      if (block == null) {
        throw refuse("put block list", container + "/" + name, 400, "InvalidBlockList");
      }
      blocks.put(id, block);
    }
    return blocks;
  }

  static byte[] joined(Map<String, byte[]> blocks) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    blocks.values().forEach(bytes::writeBytes);
    return bytes.toByteArray();
  }

  /** Makes new content current; what was staged is gone. */
  StoredBlob.Committed commit(
      String container,
      String name,
      byte[] bytes,
      PutOptions options,
      String copySource,
      Map<String, byte[]> blocks)
      throws ServiceException {
    checkMetadata(container, name, options.metadata());
    StoredBlob blob = blobs("put", container).computeIfAbsent(name, n -> new StoredBlob());
    blob.staged.clear();
    BlobHeaders sent = options.headers();
    blob.committed =
        new StoredBlob.Committed(
            nextEtag(),
            now(),
            blob.committed == null ? now() : blob.committed.created(),
            bytes,
            options.contentType().isEmpty() ? "application/octet-stream" : options.contentType(),
            options.contentMd5(),
            options.metadata(),
            tiered(sent, sent.tier().isEmpty() ? "Hot" : sent.tier()),
            copySource,
            blocks);
    makeParents(container, name);
    return blob.committed;
  }

  private void checkMetadata(String container, String name, Map<String, String> metadata)
      throws ServiceException {
    int size =
        metadata.entrySet().stream()
            .mapToInt(e -> e.getKey().length() + e.getValue().length())
            .sum();
    if (size > MAX_METADATA) {
      throw refuse("put", container + "/" + name, 400, "MetadataTooLarge");
    }
  }

  /** A hierarchical namespace has each directory as a blob. */
  private void makeParents(String container, String name) throws ServiceException {
    int slash = name.lastIndexOf('/');
    if (order != ListingOrder.HIERARCHICAL || slash <= 0) {
      return;
    }
    String parent = name.substring(0, slash);
    StoredBlob known = find("put", container, parent);
    if (known == null) {
      PutOptions folder =
          new PutOptions("", "", Map.of(MetadataKeys.IS_FOLDER, "true"), Conditions.NONE);
      commit(container, parent, new byte[0], folder, "", Map.of());
    }
  }

  StoredBlob.Committed change(
      String container,
      String name,
      String type,
      String md5,
      Map<String, String> metadata,
      BlobHeaders headers)
      throws ServiceException {
    checkMetadata(container, name, metadata);
    StoredBlob blob = find("change", container, name);
    blob.committed = blob.committed.with(nextEtag(), now(), type, md5, metadata, headers);
    return blob.committed;
  }

  void delete(String container, String name, Conditions conditions) throws ServiceException {
    committed("delete", container, name);
    require("delete", container, name, conditions);
    NavigableMap<String, StoredBlob> all = blobs("delete", container);
    if (order == ListingOrder.HIERARCHICAL) {
      String next = all.higherKey(name);
      if (next != null && next.startsWith(name + "/")) {
        throw refuse("delete", container + "/" + name, 409, "DirectoryIsNotEmpty");
      }
    }
    all.remove(name);
  }

  /** A blob as listings tell it: those of a hierarchical namespace always tell directories. */
  BlobProperties listed(StoredBlob.Committed blob, ListQuery query) {
    boolean folder =
        order == ListingOrder.HIERARCHICAL && blob.metadata().containsKey(MetadataKeys.IS_FOLDER);
    return blob.properties(query.metadata() || folder, query.tags());
  }

  static BlobHeaders tiered(BlobHeaders headers, String tier) {
    return new BlobHeaders(
        headers.contentEncoding(),
        headers.contentLanguage(),
        headers.contentDisposition(),
        headers.cacheControl(),
        tier,
        headers.tags());
  }

  static BlobHeaders tagged(BlobHeaders headers, Map<String, String> tags) {
    return new BlobHeaders(
        headers.contentEncoding(),
        headers.contentLanguage(),
        headers.contentDisposition(),
        headers.cacheControl(),
        headers.tier(),
        tags);
  }

  private String nextEtag() {
    etags++;
    return "0x" + Long.toHexString(etags).toUpperCase(Locale.ROOT);
  }
}
