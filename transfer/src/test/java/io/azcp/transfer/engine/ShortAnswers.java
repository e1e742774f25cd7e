package io.azcp.transfer.engine;

import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.blob.BlockList;
import io.azcp.transfer.blob.BodySink;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.ContainerItem;
import io.azcp.transfer.blob.GetRange;
import io.azcp.transfer.blob.ListQuery;
import io.azcp.transfer.blob.ListVisitor;
import io.azcp.transfer.blob.PutOptions;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A service that breaks its word: an answer lacks its last byte, and nothing is said of it. */
record ShortAnswers(BlobService service) implements BlobService {
  @Override
  public BlobProperties get(String container, String name, GetRange range, BodySink sink)
      throws IOException {
    long all = service.head(container, name).length();
    long length = range.length() < 0 ? all - range.offset() : range.length();
    GetRange shorter = GetRange.of(range.offset(), length - 1, range.ifMatch());
    return service.get(container, name, shorter, sink);
  }

  @Override
  public BlobUrl account() {
    return service.account();
  }

  @Override
  public void createContainer(String container) throws IOException {
    service.createContainer(container);
  }

  @Override
  public void deleteContainer(String container) throws IOException {
    service.deleteContainer(container);
  }

  @Override
  public List<ContainerItem> listContainers() throws IOException {
    return service.listContainers();
  }

  @Override
  public String list(String container, ListQuery query, ListVisitor visitor) throws IOException {
    return service.list(container, query, visitor);
  }

  @Override
  public BlobProperties head(String container, String name) throws IOException {
    return service.head(container, name);
  }

  @Override
  public BlobProperties put(String container, String name, BodySource body, PutOptions options)
      throws IOException {
    return service.put(container, name, body, options);
  }

  @Override
  public void putBlock(String container, String name, String blockId, BodySource body)
      throws IOException {
    service.putBlock(container, name, blockId, body);
  }

  @Override
  public BlobProperties putBlockList(
      String container, String name, List<String> blockIds, PutOptions options) throws IOException {
    return service.putBlockList(container, name, blockIds, options);
  }

  @Override
  public BlockList blockList(String container, String name) throws IOException {
    return service.blockList(container, name);
  }

  @Override
  public BlobProperties copy(
      String sourceContainer,
      String sourceName,
      String sourceEtag,
      String container,
      String name,
      Map<String, String> metadata,
      Conditions conditions)
      throws IOException {
    return service.copy(
        sourceContainer, sourceName, sourceEtag, container, name, metadata, conditions);
  }

  @Override
  public BlobProperties setMetadata(
      String container, String name, Map<String, String> metadata, Conditions conditions)
      throws IOException {
    return service.setMetadata(container, name, metadata, conditions);
  }

  @Override
  public void delete(String container, String name, Conditions conditions) throws IOException {
    service.delete(container, name, conditions);
  }

  @Override
  public void close() {
    service.close();
  }
}
