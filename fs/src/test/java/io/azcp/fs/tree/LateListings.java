package io.azcp.fs.tree;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A service whose listings and heads are old when they arrive: between the moment the service
 * answers and the moment the caller gets it, something else happens.
 */
final class LateListings implements BlobService {
  private final BlobService service;
  private final AtomicBoolean happening = new AtomicBoolean();
  private volatile Meanwhile meanwhile = single -> {};

  /** What happens while an answer is under way. */
  interface Meanwhile {
    /**
     * Happens once for each answer, not for those to requests that it makes itself.
     *
     * @param single whether the answer is about one name or a subtree, and not about a directory
     */
    void happens(boolean single) throws IOException;
  }

  private interface Item {
    void show(ListVisitor visitor) throws IOException;
  }

  LateListings(BlobService service) {
    this.service = service;
  }

  void whileAnswering(Meanwhile what) {
    meanwhile = what;
  }

  private void happen(boolean single) throws IOException {
    if (happening.compareAndSet(false, true)) {
      try {
        meanwhile.happens(single);
      } finally {
        happening.set(false);
      }
    }
  }

  @Override
  public String list(String container, ListQuery query, ListVisitor visitor) throws IOException {
    List<Item> items = new ArrayList<>();
    String next =
        service.list(
            container,
            query,
            new ListVisitor() {
              @Override
              public void blob(String name, BlobProperties properties) {
                items.add(v -> v.blob(name, properties));
              }

              @Override
              public void prefix(String name) {
                items.add(v -> v.prefix(name));
              }
            });
    happen(!query.hierarchical());
    for (Item i : items) {
      i.show(visitor);
    }
    return next;
  }

  @Override
  public BlobProperties head(String container, String name) throws IOException {
    try {
      return service.head(container, name);
    } finally {
      happen(true);
    }
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
  public BlobProperties get(String container, String name, GetRange range, BodySink sink)
      throws IOException {
    return service.get(container, name, range, sink);
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
