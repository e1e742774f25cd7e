package io.azcp.transfer.blob;

import io.azcp.transfer.blob.FaultyBlobService.Operation;
import io.azcp.transfer.blob.FaultyBlobService.Request;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Another service; what differs is overridden: single calls, or what happens around each. */
public abstract class ForwardingBlobService implements BlobService {
  private final BlobService service;

  /** Forwards to a service, which it closes. */
  protected ForwardingBlobService(BlobService service) {
    this.service = service;
  }

  /** A call to the other service. */
  @FunctionalInterface
  protected interface Call<T> {
    /** Makes it. */
    T run() throws IOException;
  }

  /** A call without a result. */
  @FunctionalInterface
  private interface Order {
    void run() throws IOException;
  }

  /** The other service. */
  protected final BlobService service() {
    return service;
  }

  /** What happens to every call but {@link #account}, {@link #copySource} and {@link #close}. */
  protected <T> T through(Request request, Call<T> call) throws IOException {
    return call.run();
  }

  private <T> T call(Operation operation, String container, String name, Call<T> call)
      throws IOException {
    return through(new Request(operation, container, name, 0, 0), call);
  }

  private void order(Operation operation, String container, String name, Order order)
      throws IOException {
    order(new Request(operation, container, name, 0, 0), order);
  }

  private void order(Request request, Order order) throws IOException {
    through(
        request,
        () -> {
          order.run();
          return null;
        });
  }

  @Override
  public BlobUrl account() {
    return service.account();
  }

  @Override
  public void createContainer(String container) throws IOException {
    order(Operation.CREATE_CONTAINER, container, "", () -> service.createContainer(container));
  }

  @Override
  public void deleteContainer(String container) throws IOException {
    order(Operation.DELETE_CONTAINER, container, "", () -> service.deleteContainer(container));
  }

  @Override
  public List<ContainerItem> listContainers() throws IOException {
    return call(Operation.LIST_CONTAINERS, "", "", service::listContainers);
  }

  @Override
  public String list(String container, ListQuery query, ListVisitor visitor) throws IOException {
    return call(
        Operation.LIST, container, query.prefix(), () -> service.list(container, query, visitor));
  }

  @Override
  public BlobProperties head(String container, String name) throws IOException {
    return call(Operation.HEAD, container, name, () -> service.head(container, name));
  }

  @Override
  public BlobProperties get(String container, String name, GetRange range, BodySink sink)
      throws IOException {
    return through(
        new Request(Operation.GET, container, name, range.offset(), range.length()),
        () -> service.get(container, name, range, sink));
  }

  @Override
  public BlobProperties put(String container, String name, BodySource body, PutOptions options)
      throws IOException {
    return through(
        new Request(Operation.PUT, container, name, 0, body.length()),
        () -> service.put(container, name, body, options));
  }

  @Override
  public void putBlock(String container, String name, String blockId, BodySource body)
      throws IOException {
    order(
        new Request(Operation.PUT_BLOCK, container, name, 0, body.length()),
        () -> service.putBlock(container, name, blockId, body));
  }

  @Override
  public BlobProperties putBlockList(
      String container, String name, List<String> blockIds, PutOptions options) throws IOException {
    return call(
        Operation.PUT_BLOCK_LIST,
        container,
        name,
        () -> service.putBlockList(container, name, blockIds, options));
  }

  @Override
  public BlockList blockList(String container, String name) throws IOException {
    return call(Operation.BLOCK_LIST, container, name, () -> service.blockList(container, name));
  }

  @Override
  public BlobProperties copy(
      String sourceContainer,
      String sourceName,
      String sourceEtag,
      String container,
      String name,
      CopyOptions options)
      throws IOException {
    return call(
        Operation.COPY,
        container,
        name,
        () -> service.copy(sourceContainer, sourceName, sourceEtag, container, name, options));
  }

  @Override
  public CopySource copySource(String container, String name, BlobProperties version)
      throws IOException {
    return service.copySource(container, name, version);
  }

  @Override
  public BlobProperties putFromUrl(
      String container, String name, CopySource source, PutOptions options) throws IOException {
    return call(
        Operation.PUT_FROM_URL,
        container,
        name,
        () -> service.putFromUrl(container, name, source, options));
  }

  @Override
  public void putBlockFromUrl(
      String container, String name, String blockId, CopySource source, long offset, long length)
      throws IOException {
    order(
        new Request(Operation.PUT_BLOCK_FROM_URL, container, name, offset, length),
        () -> service.putBlockFromUrl(container, name, blockId, source, offset, length));
  }

  @Override
  public BlobProperties setMetadata(
      String container, String name, Map<String, String> metadata, Conditions conditions)
      throws IOException {
    return call(
        Operation.SET_METADATA,
        container,
        name,
        () -> service.setMetadata(container, name, metadata, conditions));
  }

  @Override
  public BlobProperties setHeaders(String container, String name, PutOptions options)
      throws IOException {
    return call(
        Operation.SET_HEADERS, container, name, () -> service.setHeaders(container, name, options));
  }

  @Override
  public void setTier(String container, String name, String tier) throws IOException {
    order(Operation.SET_TIER, container, name, () -> service.setTier(container, name, tier));
  }

  @Override
  public void breakLease(String container, String name) throws IOException {
    order(Operation.BREAK_LEASE, container, name, () -> service.breakLease(container, name));
  }

  @Override
  public ReadLink readLink(String container, String name) throws IOException {
    return service.readLink(container, name);
  }

  @Override
  public Map<String, String> tags(String container, String name) throws IOException {
    return call(Operation.TAGS, container, name, () -> service.tags(container, name));
  }

  @Override
  public void setTags(String container, String name, Map<String, String> tags) throws IOException {
    order(Operation.SET_TAGS, container, name, () -> service.setTags(container, name, tags));
  }

  @Override
  public void delete(String container, String name, Conditions conditions) throws IOException {
    order(Operation.DELETE, container, name, () -> service.delete(container, name, conditions));
  }

  @Override
  public Map<String, ServiceException> deleteBatch(String container, Map<String, Conditions> blobs)
      throws IOException {
    return call(Operation.DELETE_BATCH, container, "", () -> service.deleteBatch(container, blobs));
  }

  @Override
  public void close() {
    service.close();
  }
}
