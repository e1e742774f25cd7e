package io.azcp.transfer.blob;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * The Blob service in memory, as the real one behaves: ETags change with every commit and change of
 * metadata, conditions, staged blocks, listings in pages, a stored MD5 for Put Blob and none for
 * Put Block List. {@link BlobServiceContract} holds it to that. Services in memory can read each
 * other's blobs by URL. Thread-safe; bytes are read from and handed to callers outside its lock.
 */
public final class MemoryBlobService implements BlobService {
  private static final int CHUNK = 64 << 10;

  /** All there are, by the port in their URLs. */
  private static final Map<Integer, WeakReference<MemoryBlobService>> SERVICES =
      new ConcurrentHashMap<>();

  private static final AtomicInteger PORTS = new AtomicInteger(80);

  private final BlobUrl account;
  private final MemoryStore store;
  private volatile boolean closed;

  /** An empty account with the machine's clock. */
  public MemoryBlobService() {
    this(System::currentTimeMillis);
  }

  /** An empty account; the clock counts milliseconds since the epoch. */
  public MemoryBlobService(LongSupplier clock) {
    this(ListingOrder.FLAT, clock);
  }

  /**
   * An empty account that lists in this order. {@link ListingOrder#HIERARCHICAL} means that it has
   * a hierarchical namespace: each directory is a blob, which cannot go before what it holds.
   */
  public MemoryBlobService(ListingOrder order, LongSupplier clock) {
    store = new MemoryStore(order, clock);
    account =
        new BlobUrl("http", "memory", PORTS.getAndIncrement(), true, "memoryaccount", "", "", "");
    SERVICES.put(account.port(), new WeakReference<>(this));
  }

  @Override
  public BlobUrl account() {
    return account;
  }

  @Override
  public synchronized void createContainer(String container) throws IOException {
    request();
    store.create(container);
  }

  @Override
  public synchronized void deleteContainer(String container) throws IOException {
    request();
    store.remove(container);
  }

  @Override
  public synchronized List<ContainerItem> listContainers() throws IOException {
    request();
    return store.containers().stream().map(name -> new ContainerItem(name, store.now())).toList();
  }

  @Override
  public String list(String container, ListQuery query, ListVisitor visitor) throws IOException {
    List<Object[]> page = new ArrayList<>();
    String next = "";
    synchronized (this) {
      request();
      if (query.maxResults() < 1 || query.maxResults() > ListQuery.MAX_PAGE) {
        throw store.refuse("list", container, 400, "OutOfRangeQueryParameterValue");
      }
      NavigableMap<String, StoredBlob> all = store.blobs("list", container);
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
          page.add(new Object[] {name, store.listed(entry.getValue().committed, query)});
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
    request(name);
    return store.committed("head", container, name).properties();
  }

  @Override
  public BlobProperties get(String container, String name, GetRange range, BodySink sink)
      throws IOException {
    StoredBlob.Committed blob;
    synchronized (this) {
      request(name);
      blob = store.readable("get", container, name);
      if (range.ifMatch() != null && !range.ifMatch().equals(blob.etag())) {
        throw store.refuse("get", container + "/" + name, 412, ServiceErrors.CONDITION_NOT_MET);
      }
    }
    byte[] bytes = blob.bytes();
    boolean ranged = range.offset() > 0 || range.length() >= 0;
    if (ranged && range.length() != 0 && range.offset() >= bytes.length) {
      throw store.refuse("get", container + "/" + name, 416, "InvalidRange");
    }
    long end =
        range.length() < 0
            ? bytes.length
            : Math.min(bytes.length, Math.addExact(range.offset(), range.length()));
    sink.begin(blob.properties());
    ByteBuffer buffer =
        ByteBuffer.allocateDirect((int) Math.max(0, Math.min(CHUNK, end - range.offset())));
    for (long at = range.offset(); at < end; ) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
      buffer.put(bytes, (int) at, buffer.remaining()).flip();
      int n = buffer.remaining();
      sink.accept(at, buffer);
      at += n;
    }
    return blob.properties();
  }

  @Override
  public BlobProperties put(String container, String name, BodySource body, PutOptions options)
      throws IOException {
    return put(container, name, readAll(body), options);
  }

  private synchronized BlobProperties put(
      String container, String name, byte[] bytes, PutOptions options) throws IOException {
    request(name);
    BlobTags.check(options.headers().tags());
    store.require("put", container, name, options.conditions());
    PutOptions whole = options.contentMd5().isEmpty() ? options.withMd5(md5(bytes)) : options;
    return store.commit(container, name, bytes, whole, "", Map.of()).properties();
  }

  @Override
  public void putBlock(String container, String name, String blockId, BodySource body)
      throws IOException {
    stage(container, name, blockId, readAll(body));
  }

  private synchronized void stage(String container, String name, String blockId, byte[] bytes)
      throws IOException {
    request(name);
    store.stage(container, name, blockId, bytes);
  }

  @Override
  public synchronized BlobProperties putBlockList(
      String container, String name, List<String> blockIds, PutOptions options) throws IOException {
    request(name);
    BlobTags.check(options.headers().tags());
    store.require("put block list", container, name, options.conditions());
    Map<String, byte[]> blocks = store.select(container, name, blockIds);
    return store
        .commit(container, name, MemoryStore.joined(blocks), options, "", blocks)
        .properties();
  }

  @Override
  public synchronized BlockList blockList(String container, String name) throws IOException {
    request(name);
    StoredBlob blob = store.find("get block list", container, name);
    if (blob == null) {
      throw store.refuse(
          "get block list", container + "/" + name, 404, ServiceErrors.BLOB_NOT_FOUND);
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
      CopyOptions options)
      throws IOException {
    request(sourceName);
    NameEncoding.check(name);
    BlobTags.check(options.tags());
    StoredBlob.Committed source = store.readable("copy", sourceContainer, sourceName);
    if (sourceEtag != null && !sourceEtag.equals(source.etag())) {
      throw store.refuse("copy", sourceContainer + "/" + sourceName, 412, "SourceConditionNotMet");
    }
    store.blobs("copy", container);
    store.require("copy", container, name, options.conditions());
    PutOptions made =
        new PutOptions(
            source.contentType(),
            source.contentMd5(),
            options.metadata() == null ? source.metadata() : options.metadata(),
            MemoryStore.tagged(
                MemoryStore.tiered(source.headers(), options.tier()), options.tags()),
            Conditions.NONE);
    String from = account.at(sourceContainer, sourceName).toString();
    return store.commit(container, name, source.bytes(), made, from, source.blocks()).properties();
  }

  @Override
  public CopySource copySource(String container, String name, BlobProperties version) {
    return new CopySource(account.at(container, name) + "?sig=memory", "", version);
  }

  /** A version of a blob of any account in memory. */
  private static StoredBlob.Committed fetch(CopySource source) throws IOException {
    BlobUrl url = BlobUrl.parse(source.place(), null);
    WeakReference<MemoryBlobService> service = SERVICES.get(url.port());
    MemoryBlobService owner = service == null ? null : service.get();
    if (owner == null) {
      throw ServiceErrors.of("get", source.place(), 404, "CannotVerifyCopySource", "memory", "");
    }
    synchronized (owner) {
      StoredBlob.Committed blob = owner.store.readable("get", url.container(), url.name());
      if (!blob.etag().equals(source.version().etag())) {
        throw owner.store.refuse("get", source.place(), 412, "SourceConditionNotMet");
      }
      return blob;
    }
  }

  @Override
  public BlobProperties putFromUrl(
      String container, String name, CopySource source, PutOptions options) throws IOException {
    StoredBlob.Committed from = fetch(source);
    BlobHeaders had = from.headers();
    BlobHeaders given = options.headers();
    return put(
        container,
        name,
        from.bytes(),
        new PutOptions(
            or(options.contentType(), from.contentType()),
            or(options.contentMd5(), from.contentMd5()),
            options.metadata().isEmpty() ? from.metadata() : options.metadata(),
            new BlobHeaders(
                or(given.contentEncoding(), had.contentEncoding()),
                or(given.contentLanguage(), had.contentLanguage()),
                or(given.contentDisposition(), had.contentDisposition()),
                or(given.cacheControl(), had.cacheControl()),
                given.tier(),
                given.tags()),
            options.conditions()));
  }

  private static String or(String given, String otherwise) {
    return given.isEmpty() ? otherwise : given;
  }

  @Override
  public void putBlockFromUrl(
      String container, String name, String blockId, CopySource source, long offset, long length)
      throws IOException {
    byte[] bytes = fetch(source).bytes();
    if (offset + length > bytes.length) {
      throw ServiceErrors.of("put block", container + "/" + name, 416, "InvalidRange", "", "");
    }
    byte[] range =
        java.util.Arrays.copyOfRange(bytes, (int) offset, Math.toIntExact(offset + length));
    stage(container, name, blockId, range);
  }

  @Override
  public synchronized BlobProperties setMetadata(
      String container, String name, Map<String, String> metadata, Conditions conditions)
      throws IOException {
    request(name);
    StoredBlob.Committed old = store.committed("set metadata", container, name);
    store.require("set metadata", container, name, conditions);
    return store
        .change(container, name, old.contentType(), old.contentMd5(), metadata, old.headers())
        .properties();
  }

  @Override
  public synchronized BlobProperties setHeaders(String container, String name, PutOptions options)
      throws IOException {
    request(name);
    StoredBlob.Committed old = store.committed("set properties", container, name);
    store.require("set properties", container, name, options.conditions());
    BlobHeaders headers =
        MemoryStore.tagged(
            MemoryStore.tiered(options.headers(), old.headers().tier()), old.headers().tags());
    return store
        .change(
            container, name, options.contentType(), options.contentMd5(), old.metadata(), headers)
        .properties();
  }

  @Override
  public synchronized void setTier(String container, String name, String tier) throws IOException {
    request(name);
    StoredBlob.Committed old = store.committed("set tier", container, name);
    if (!List.of("Hot", "Cool", "Cold", "Archive").contains(tier)) {
      throw store.refuse("set tier", container + "/" + name, 400, "InvalidHeaderValue");
    }
    StoredBlob blob = store.find("set tier", container, name);
    blob.committed = old.with(MemoryStore.tiered(old.headers(), tier));
  }

  /** No blob has a lease here. */
  @Override
  public synchronized void breakLease(String container, String name) throws IOException {
    request(name);
    store.committed("break lease", container, name);
  }

  @Override
  public ReadLink readLink(String container, String name) {
    return new ReadLink(
        account.at(container, name) + "?sig=memory", Instant.now().plus(ReadLink.BY_KEY));
  }

  @Override
  public synchronized Map<String, String> tags(String container, String name) throws IOException {
    request(name);
    return store.committed("get tags", container, name).headers().tags();
  }

  @Override
  public synchronized void setTags(String container, String name, Map<String, String> tags)
      throws IOException {
    request(name);
    BlobTags.check(tags);
    StoredBlob.Committed old = store.committed("set tags", container, name);
    StoredBlob blob = store.find("set tags", container, name);
    blob.committed = old.with(MemoryStore.tagged(old.headers(), tags));
  }

  @Override
  public synchronized void delete(String container, String name, Conditions conditions)
      throws IOException {
    request(name);
    store.delete(container, name, conditions);
  }

  @Override
  public synchronized Map<String, ServiceException> deleteBatch(
      String container, Map<String, Conditions> blobs) throws IOException {
    request();
    store.blobs("delete a batch of", container);
    Map<String, ServiceException> refusals = new LinkedHashMap<>();
    for (Map.Entry<String, Conditions> blob : blobs.entrySet()) {
      try {
        store.delete(container, blob.getKey(), blob.getValue());
      } catch (ServiceException e) {
        refusals.put(blob.getKey(), e);
      }
    }
    return refusals;
  }

  @Override
  public void close() {
    closed = true;
  }

  private void request(String name) throws AzcpException {
    request();
    NameEncoding.check(name);
  }

  private void request() throws AzcpException {
    if (closed) {
      throw new AzcpException(Errno.ECANCELED, "the connection to the service is closed");
    }
    store.request();
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
