package io.azcp.fs.writeback;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
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

/**
 * One process's connection to a service: when the process is killed nothing goes through any more.
 */
final class MortalService implements BlobService {
  private final BlobService service;
  private volatile boolean dead;

  MortalService(BlobService service) {
    this.service = service;
  }

  void kill() {
    dead = true;
  }

  private void alive() throws IOException {
    if (dead) {
      throw new AzcpException(Errno.ECANCELED, "the process is dead");
    }
  }

  private <T> T answer(T answer) throws IOException {
    alive();
    return answer;
  }

  @Override
  public BlobUrl account() {
    return service.account();
  }

  @Override
  public void createContainer(String container) throws IOException {
    alive();
    service.createContainer(container);
    alive();
  }

  @Override
  public void deleteContainer(String container) throws IOException {
    alive();
    service.deleteContainer(container);
    alive();
  }

  @Override
  public List<ContainerItem> listContainers() throws IOException {
    alive();
    return answer(service.listContainers());
  }

  @Override
  public String list(String container, ListQuery query, ListVisitor visitor) throws IOException {
    alive();
    return answer(service.list(container, query, visitor));
  }

  @Override
  public BlobProperties head(String container, String name) throws IOException {
    alive();
    return answer(service.head(container, name));
  }

  @Override
  public BlobProperties get(String container, String name, GetRange range, BodySink sink)
      throws IOException {
    alive();
    return answer(service.get(container, name, range, sink));
  }

  @Override
  public BlobProperties put(String container, String name, BodySource body, PutOptions options)
      throws IOException {
    alive();
    return answer(service.put(container, name, body, options));
  }

  @Override
  public void putBlock(String container, String name, String blockId, BodySource body)
      throws IOException {
    alive();
    service.putBlock(container, name, blockId, body);
    alive();
  }

  @Override
  public BlobProperties putBlockList(
      String container, String name, List<String> blockIds, PutOptions options) throws IOException {
    alive();
    return answer(service.putBlockList(container, name, blockIds, options));
  }

  @Override
  public BlockList blockList(String container, String name) throws IOException {
    alive();
    return answer(service.blockList(container, name));
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
    alive();
    return answer(
        service.copy(
            sourceContainer, sourceName, sourceEtag, container, name, metadata, conditions));
  }

  @Override
  public BlobProperties setMetadata(
      String container, String name, Map<String, String> metadata, Conditions conditions)
      throws IOException {
    alive();
    return answer(service.setMetadata(container, name, metadata, conditions));
  }

  @Override
  public void delete(String container, String name, Conditions conditions) throws IOException {
    alive();
    service.delete(container, name, conditions);
    alive();
  }

  @Override
  public void close() {
    dead = true;
  }
}
