package io.azcp.transfer.blob;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The Blob service over HTTP/1.1: each call is one request on one connection, sent and read by the
 * calling thread (where the answer to a change tells little, a second request asks for the rest).
 * No call is repeated here; {@link RetryingBlobService} does that. No redirect is followed.
 */
final class HttpBlobService implements BlobService {
  private final HttpCalls calls;
  private final HttpContainers containers;
  private final HttpReads reads;
  private final HttpWrites writes;
  private final HttpCopies copies;

  /** A client of one account; connects when it is first used. */
  HttpBlobService(BlobUrl account, Credential credential, ClientOptions options)
      throws IOException {
    calls = new HttpCalls(account, credential, options);
    containers = new HttpContainers(calls);
    reads = new HttpReads(calls);
    writes = new HttpWrites(calls);
    copies = new HttpCopies(calls);
  }

  @Override
  public BlobUrl account() {
    return calls.endpoint().account();
  }

  @Override
  public long clockAheadMillis() {
    return calls.clock().aheadMillis();
  }

  @Override
  public void createContainer(String container) throws IOException {
    containers.create(container);
  }

  @Override
  public void deleteContainer(String container) throws IOException {
    containers.delete(container);
  }

  @Override
  public List<ContainerItem> listContainers() throws IOException {
    return containers.all();
  }

  @Override
  public String list(String container, ListQuery query, ListVisitor visitor) throws IOException {
    return containers.list(container, query, visitor);
  }

  @Override
  public BlobProperties head(String container, String name) throws IOException {
    return calls.head(container, name, Conditions.NONE);
  }

  @Override
  public BlobProperties get(String container, String name, GetRange range, BodySink sink)
      throws IOException {
    return reads.get(container, name, range, sink);
  }

  @Override
  public BlobProperties put(String container, String name, BodySource body, PutOptions options)
      throws IOException {
    return writes.put(container, name, body, options);
  }

  @Override
  public void putBlock(String container, String name, String blockId, BodySource body)
      throws IOException {
    writes.putBlock(container, name, blockId, body);
  }

  @Override
  public BlobProperties putBlockList(
      String container, String name, List<String> blockIds, PutOptions options) throws IOException {
    return writes.putBlockList(container, name, blockIds, options);
  }

  @Override
  public BlockList blockList(String container, String name) throws IOException {
    return writes.blockList(container, name);
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
    return copies.copy(sourceContainer, sourceName, sourceEtag, container, name, options);
  }

  @Override
  public CopySource copySource(String container, String name, BlobProperties version)
      throws IOException {
    return SourceAccess.of(calls.endpoint(), container, name, version);
  }

  @Override
  public BlobProperties putFromUrl(
      String container, String name, CopySource source, PutOptions options) throws IOException {
    return copies.putFromUrl(container, name, source, options);
  }

  @Override
  public void putBlockFromUrl(
      String container, String name, String blockId, CopySource source, long offset, long length)
      throws IOException {
    copies.putBlockFromUrl(container, name, blockId, source, offset, length);
  }

  @Override
  public BlobProperties setMetadata(
      String container, String name, Map<String, String> metadata, Conditions conditions)
      throws IOException {
    return writes.setMetadata(container, name, metadata, conditions);
  }

  @Override
  public BlobProperties setHeaders(String container, String name, PutOptions options)
      throws IOException {
    return writes.setHeaders(container, name, options);
  }

  @Override
  public void setTier(String container, String name, String tier) throws IOException {
    writes.setTier(container, name, tier);
  }

  @Override
  public void breakLease(String container, String name) throws IOException {
    writes.breakLease(container, name);
  }

  @Override
  public ReadLink readLink(String container, String name) throws IOException {
    return new HttpLinks(calls).read(container, name);
  }

  @Override
  public Map<String, String> tags(String container, String name) throws IOException {
    return writes.tags(container, name);
  }

  @Override
  public void setTags(String container, String name, Map<String, String> tags) throws IOException {
    writes.setTags(container, name, tags);
  }

  @Override
  public void delete(String container, String name, Conditions conditions) throws IOException {
    writes.delete(container, name, conditions);
  }

  @Override
  public Map<String, ServiceException> deleteBatch(String container, Map<String, Conditions> blobs)
      throws IOException {
    return new HttpBatch(calls, container).delete(blobs);
  }

  @Override
  public void close() {
    calls.close();
  }
}
