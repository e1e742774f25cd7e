package io.azcp.transfer.blob;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * The Blob service in memory, as the real one behaves: ETags change with every commit and change of
 * metadata, conditions, staged blocks, listings in pages, a stored MD5 for Put Blob and none for
 * Put Block List. {@link BlobServiceContract} holds it to that. Thread-safe; bytes are read from
 * and handed to callers outside its lock.
 */
public final class MemoryBlobService implements BlobService {
  private static final int CHUNK = 64 << 10;
  private static final long FIRST_ETAG = 0x8DC0000000000000L;

  /** The order of the service: by UTF-8 bytes. */
  static final Comparator<String> UTF8_ORDER =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  private final BlobUrl account;
  private final LongSupplier clock;
  private final NavigableMap<String, NavigableMap<String, StoredBlob>> containers = new TreeMap<>();
  private long etags = FIRST_ETAG;
  private long requests;
  private volatile boolean closed;

  /** An empty account with the machine's clock. */
  public MemoryBlobService() {
    this(System::currentTimeMillis);
  }

  /** An empty account; the clock counts milliseconds since the epoch. */
  public MemoryBlobService(LongSupplier clock) {
    this.clock = clock;
    this.account = new BlobUrl("http", "memory", 80, true, "memoryaccount", "", "", "");
  }

  @Override
  public BlobUrl account() {
    return account;
  }

  @Override
  public synchronized void createContainer(String container) throws IOException {
    request();
    if (containers.putIfAbsent(container, new TreeMap<>(UTF8_ORDER)) != null) {
      throw refuse("create container", container, 409, "ContainerAlreadyExists");
    }
  }

  @Override
  public synchronized void deleteContainer(String container) throws IOException {
    request();
    blobs("delete container", container);
    containers.remove(container);
  }

  @Override
  public synchronized List<ContainerItem> listContainers() throws IOException {
    request();
    List<ContainerItem> items = new ArrayList<>();
    containers.keySet().forEach(name -> items.add(new ContainerItem(name, now())));
    return items;
  }

  @Override
  public String list(String container, ListQuery query, ListVisitor visitor) throws IOException {
    List<Object[]> page = new ArrayList<>();
    String next = "";
    synchronized (this) {
      request();
      if (query.maxResults() < 1 || query.maxResults() > ListQuery.MAX_PAGE) {
        throw refuse("list", container, 400, "OutOfRangeQueryParameterValue");
      }
      NavigableMap<String, StoredBlob> all = blobs("list", container);
      String at = query.marker().isEmpty() ? query.prefix() : unmark(query.marker());
      Map.Entry<String, StoredBlob> entry = all.ceilingEntry(at);
      while (entry != null && entry.getKey().startsWith(query.prefix())) {
        String name = entry.getKey();
        if (entry.getValue().committed == null) {
          entry = all.higherEntry(name);
          continue;
        }
        if (page.size() == query.maxResults()) {
          next = mark(name);
          break;
        }
        int cut = query.hierarchical() ? name.indexOf('/', query.prefix().length()) : -1;
        if (cut >= 0) {
          String prefix = name.substring(0, cut + 1);
          page.add(new Object[] {prefix, null});
          entry = afterPrefix(all, prefix);
        } else {
          page.add(new Object[] {name, entry.getValue().committed.properties(query.metadata())});
          entry = all.higherEntry(name);
        }
      }
    }
    for (Object[] item : page) {
      if (item[1] == null) {
        visitor.prefix((String) item[0]);
      } else {
        visitor.blob((String) item[0], (BlobProperties) item[1]);
      }
    }
    return next;
  }

  private static Map.Entry<String, StoredBlob> afterPrefix(
      NavigableMap<String, StoredBlob> all, String prefix) {
    Map.Entry<String, StoredBlob> entry = all.ceilingEntry(prefix);
    while (entry != null && entry.getKey().startsWith(prefix)) {
      entry = all.higherEntry(entry.getKey());
    }
    return entry;
  }

  private static String mark(String name) {
    return "2!" + Base64.getEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8));
  }

  private static String unmark(String marker) {
    return new String(Base64.getDecoder().decode(marker.substring(2)), StandardCharsets.UTF_8);
  }

  @Override
  public synchronized BlobProperties head(String container, String name) throws IOException {
    request();
    NameEncoding.check(name);
    return committed("head", container, name).properties(true);
  }

  @Override
  public BlobProperties get(String container, String name, GetRange range, BodySink sink)
      throws IOException {
    StoredBlob.Committed blob;
    synchronized (this) {
      request();
      NameEncoding.check(name);
      blob = committed("get", container, name);
      if (range.ifMatch() != null && !range.ifMatch().equals(blob.etag())) {
        throw refuse("get", container + "/" + name, 412, ServiceErrors.CONDITION_NOT_MET);
      }
    }
    byte[] bytes = blob.bytes();
    boolean ranged = range.offset() > 0 || range.length() >= 0;
    if (ranged && range.length() != 0 && range.offset() >= bytes.length) {
      throw refuse("get", container + "/" + name, 416, "InvalidRange");
    }
    long end =
        range.length() < 0
            ? bytes.length
            : Math.min(bytes.length, Math.addExact(range.offset(), range.length()));
    sink.begin(blob.properties(true));
    ByteBuffer buffer =
        ByteBuffer.allocateDirect((int) Math.max(0, Math.min(CHUNK, end - range.offset())));
    for (long at = range.offset(); at < end; ) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
      buffer.put(bytes, (int) at, buffer.remaining()).flip();
      int n = buffer.remaining();
      sink.accept(at, buffer);
      at += n;
    }
    return blob.properties(true);
  }

  @Override
  public BlobProperties put(String container, String name, BodySource body, PutOptions options)
      throws IOException {
    byte[] bytes = readAll(body);
    synchronized (this) {
      request();
      NameEncoding.check(name);
      NavigableMap<String, StoredBlob> all = blobs("put", container);
      require("put", container, name, all.get(name), options.conditions());
      String md5 = options.contentMd5().isEmpty() ? md5(bytes) : options.contentMd5();
      return commit(all, name, bytes, options.contentType(), md5, options.metadata(), Map.of());
    }
  }

  @Override
  public void putBlock(String container, String name, String blockId, BodySource body)
      throws IOException {
    byte[] bytes = readAll(body);
    synchronized (this) {
      request();
      NameEncoding.check(name);
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
  }

  @Override
  public synchronized BlobProperties putBlockList(
      String container, String name, List<String> blockIds, PutOptions options) throws IOException {
    request();
    NameEncoding.check(name);
    NavigableMap<String, StoredBlob> all = blobs("put block list", container);
    StoredBlob blob = all.getOrDefault(name, new StoredBlob());
    require("put block list", container, name, blob, options.conditions());
    Map<String, byte[]> blocks = new LinkedHashMap<>();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String id : blockIds) {
      byte[] block = blob.staged.get(id);
      if (block == null && blob.committed != null) {
        block = blob.committed.blocks().get(id);
      }
      if (block == null) {
        throw refuse("put block list", container + "/" + name, 400, "InvalidBlockList");
      }
      blocks.put(id, block);
      bytes.write(block);
    }
    return commit(
        all,
        name,
        bytes.toByteArray(),
        options.contentType(),
        options.contentMd5(),
        options.metadata(),
        blocks);
  }

  @Override
  public synchronized BlockList blockList(String container, String name) throws IOException {
    request();
    NameEncoding.check(name);
    StoredBlob blob = blobs("get block list", container).get(name);
    if (blob == null) {
      throw refuse("get block list", container + "/" + name, 404, ServiceErrors.BLOB_NOT_FOUND);
    }
    return new BlockList(
        blob.committed == null ? List.of() : blocks(blob.committed.blocks()), blocks(blob.staged));
  }

  private static List<BlockList.Block> blocks(Map<String, byte[]> blocks) {
    return blocks.entrySet().stream()
        .map(e -> new BlockList.Block(e.getKey(), e.getValue().length))
        .toList();
  }

  @Override
  public synchronized BlobProperties copy(
      String sourceContainer,
      String sourceName,
      String sourceEtag,
      String container,
      String name,
      Map<String, String> metadata,
      Conditions conditions)
      throws IOException {
    request();
    NameEncoding.check(sourceName);
    NameEncoding.check(name);
    StoredBlob.Committed source = committed("copy", sourceContainer, sourceName);
    if (sourceEtag != null && !sourceEtag.equals(source.etag())) {
      throw refuse("copy", sourceContainer + "/" + sourceName, 412, "SourceConditionNotMet");
    }
    NavigableMap<String, StoredBlob> all = blobs("copy", container);
    require("copy", container, name, all.get(name), conditions);
    return commit(
        all,
        name,
        source.bytes(),
        source.contentType(),
        source.contentMd5(),
        metadata == null ? source.metadata() : metadata,
        source.blocks());
  }

  @Override
  public synchronized BlobProperties setMetadata(
      String container, String name, Map<String, String> metadata, Conditions conditions)
      throws IOException {
    request();
    NameEncoding.check(name);
    StoredBlob.Committed old = committed("set metadata", container, name);
    StoredBlob blob = containers.get(container).get(name);
    require("set metadata", container, name, blob, conditions);
    blob.committed =
        new StoredBlob.Committed(
            nextEtag(),
            now(),
            old.bytes(),
            old.contentType(),
            old.contentMd5(),
            Map.copyOf(metadata),
            old.blocks());
    return blob.committed.properties(true);
  }

  @Override
  public synchronized void delete(String container, String name, Conditions conditions)
      throws IOException {
    request();
    NameEncoding.check(name);
    committed("delete", container, name);
    StoredBlob blob = containers.get(container).get(name);
    require("delete", container, name, blob, conditions);
    containers.get(container).remove(name);
  }

  @Override
  public void close() {
    closed = true;
  }

  private BlobProperties commit(
      NavigableMap<String, StoredBlob> all,
      String name,
      byte[] bytes,
      String contentType,
      String md5,
      Map<String, String> metadata,
      Map<String, byte[]> blocks) {
    StoredBlob blob = all.computeIfAbsent(name, n -> new StoredBlob());
    blob.staged.clear();
    blob.committed =
        new StoredBlob.Committed(
            nextEtag(),
            now(),
            bytes,
            contentType.isEmpty() ? "application/octet-stream" : contentType,
            md5,
            Map.copyOf(metadata),
            blocks);
    return blob.committed.properties(true);
  }

  private void request() throws AzcpException {
    if (closed) {
      throw new AzcpException(Errno.ECANCELED, "the connection to the service is closed");
    }
    requests++;
  }

  private NavigableMap<String, StoredBlob> blobs(String operation, String container)
      throws ServiceException {
    NavigableMap<String, StoredBlob> all = containers.get(container);
    if (all == null) {
      throw refuse(operation, container, 404, ServiceErrors.CONTAINER_NOT_FOUND);
    }
    return all;
  }

  private StoredBlob.Committed committed(String operation, String container, String name)
      throws ServiceException {
    StoredBlob blob = blobs(operation, container).get(name);
    if (blob == null || blob.committed == null) {
      throw refuse(operation, container + "/" + name, 404, ServiceErrors.BLOB_NOT_FOUND);
    }
    return blob.committed;
  }

  private void require(
      String operation, String container, String name, StoredBlob blob, Conditions conditions)
      throws ServiceException {
    StoredBlob.Committed now = blob == null ? null : blob.committed;
    if (conditions.ifMatch() != null && (now == null || !now.etag().equals(conditions.ifMatch()))) {
      throw refuse(operation, container + "/" + name, 412, ServiceErrors.CONDITION_NOT_MET);
    }
    if (conditions.ifNoneMatch() != null && now != null) {
      throw refuse(operation, container + "/" + name, 409, ServiceErrors.BLOB_ALREADY_EXISTS);
    }
  }

  private ServiceException refuse(String operation, String subject, int status, String code) {
    return ServiceErrors.of(operation, subject, status, code, "memory-" + requests, "");
  }

  private String nextEtag() {
    etags++;
    return "0x" + Long.toHexString(etags).toUpperCase(java.util.Locale.ROOT);
  }

  private long now() {
    return clock.getAsLong() / 1000 * 1000;
  }

  private static byte[] readAll(BodySource body) throws IOException {
    ByteBuffer all = ByteBuffer.allocateDirect(Math.toIntExact(body.length()));
    while (all.hasRemaining()) {
      if (body.read(all.position(), all) <= 0) {
        throw new AzcpException(
            Errno.EIO, "the source ended after " + all.position() + " of " + all.limit());
      }
    }
    byte[] bytes = new byte[all.flip().remaining()];
    all.get(bytes);
    return bytes;
  }

  private static String md5(byte[] bytes) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
