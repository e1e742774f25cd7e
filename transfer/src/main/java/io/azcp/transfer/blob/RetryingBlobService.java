package io.azcp.transfer.blob;

import io.azcp.base.Errno;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Another service whose calls are repeated when they fail for a reason that may pass. A get goes on
 * where it broke off, with the version it began with. A conditional change that is refused only
 * because an earlier attempt of the same call was executed and its answer lost is told by looking
 * at the blob: our operation id ({@link MetadataKeys#OPERATION}) where the caller set one, else the
 * content. Thread-safe.
 */
public final class RetryingBlobService implements BlobService {
  private final BlobService service;
  private final Repeater repeater;
  private final RetryCounters counters;

  /**
   * Repeats each call, waiting in between.
   *
   * @param options say how often, and whose limits are told of the waits
   */
  public RetryingBlobService(BlobService service, ClientOptions options) {
    this(service, options, new RetryCounters());
  }

  private RetryingBlobService(BlobService service, ClientOptions options, RetryCounters counters) {
    this(service, new Repeater(options.maxRetries(), counters, options.limits()), counters);
  }

  RetryingBlobService(BlobService service, Repeater repeater, RetryCounters counters) {
    this.service = service;
    this.repeater = repeater;
    this.counters = counters;
  }

  /** What was repeated so far. */
  public RetryCounters counters() {
    return counters;
  }

  @Override
  public BlobUrl account() {
    return service.account();
  }

  @Override
  public long clockAheadMillis() {
    return service.clockAheadMillis();
  }

  /** How a refusal of a repeated change is told from our own earlier success. */
  private interface Look<T> {
    /** The result of our earlier attempt; null where it was not ours. */
    T ours() throws IOException;
  }

  private <T> T change(Repeater.Attempt<T> attempt, Look<T> look) throws IOException {
    return repeater.run(
        repeated -> {
          try {
            return attempt.run(repeated);
          } catch (ServiceException e) {
            T ours = repeated && conflict(e) ? look(look) : null;
            if (ours == null) {
              throw e;
            }
            return ours;
          }
        });
  }

  /** Where even looking is refused, the first refusal is the one that counts. */
  private static <T> T look(Look<T> look) throws IOException {
    try {
      return look.ours();
    } catch (ServiceException e) {
      return null;
    }
  }

  private static boolean conflict(ServiceException e) {
    return e.errno() == Errno.EEXIST
        || e.code().equals(ServiceErrors.CONDITION_NOT_MET)
        || e.code().equals("TargetConditionNotMet");
  }

  /** Runs a change whose repetition is refused with this errno when the first one worked. */
  private void idempotent(Errno refusal, Repeater.Attempt<Void> attempt) throws IOException {
    repeater.run(
        repeated -> {
          try {
            return attempt.run(repeated);
          } catch (ServiceException e) {
            if (repeated && e.errno() == refusal) {
              return null;
            }
            throw e;
          }
        });
  }

  /** A call that tells nothing. */
  private interface Order {
    void run() throws IOException;
  }

  /** Runs a call that does the same when it is executed twice. */
  private void repeat(Order order) throws IOException {
    repeater.run(
        repeated -> {
          order.run();
          return null;
        });
  }

  @Override
  public void createContainer(String container) throws IOException {
    idempotent(
        Errno.EEXIST,
        repeated -> {
          service.createContainer(container);
          return null;
        });
  }

  @Override
  public void deleteContainer(String container) throws IOException {
    idempotent(
        Errno.ENOENT,
        repeated -> {
          service.deleteContainer(container);
          return null;
        });
  }

  @Override
  public List<ContainerItem> listContainers() throws IOException {
    return repeater.run(repeated -> service.listContainers());
  }

  @Override
  public String list(String container, ListQuery query, ListVisitor visitor) throws IOException {
    SeenItems seen = new SeenItems(visitor);
    try {
      return repeater.run(
          repeated -> {
            seen.again();
            return service.list(container, query, seen);
          });
    } catch (SeenItems.VisitorFailure e) {
      throw e.reason();
    }
  }

  @Override
  public BlobProperties head(String container, String name) throws IOException {
    return repeater.run(repeated -> service.head(container, name));
  }

  @Override
  public BlobProperties get(String container, String name, GetRange range, BodySink sink)
      throws IOException {
    ResumingSink resuming = new ResumingSink(range, sink);
    try {
      return repeater.run(
          repeated -> {
            GetRange rest = resuming.rest();
            if (rest != null) {
              BlobProperties got = service.get(container, name, rest, resuming);
              return resuming.properties() == null ? got : resuming.properties();
            }
            return resuming.properties();
          });
    } catch (ResumingSink.SinkFailure e) {
      throw e.reason();
    }
  }

  @Override
  public BlobProperties put(String container, String name, BodySource body, PutOptions options)
      throws IOException {
    return change(
        repeated -> service.put(container, name, body, options),
        () -> {
          BlobProperties found = head(container, name);
          return Recognition.of(found, body, options) ? found : null;
        });
  }

  @Override
  public void putBlock(String container, String name, String blockId, BodySource body)
      throws IOException {
    repeat(() -> service.putBlock(container, name, blockId, body));
  }

  @Override
  public BlobProperties putBlockList(
      String container, String name, List<String> blockIds, PutOptions options) throws IOException {
    return change(
        repeated -> service.putBlockList(container, name, blockIds, options),
        () -> {
          BlobProperties found = head(container, name);
          boolean ours =
              Recognition.marked(options.metadata())
                  ? Recognition.byOperation(found, options.metadata())
                  : !blockIds.isEmpty()
                      && blockList(container, name).committed().stream()
                          .map(BlockList.Block::id)
                          .toList()
                          .equals(blockIds);
          return ours ? found : null;
        });
  }

  @Override
  public BlockList blockList(String container, String name) throws IOException {
    return repeater.run(repeated -> service.blockList(container, name));
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
    return change(
        repeated -> service.copy(sourceContainer, sourceName, sourceEtag, container, name, options),
        () -> {
          BlobProperties found = head(container, name);
          Map<String, String> metadata = options.metadata();
          if (metadata != null && Recognition.marked(metadata)) {
            return Recognition.byOperation(found, metadata) ? found : null;
          }
          BlobProperties source = head(sourceContainer, sourceName);
          String place = account().at(sourceContainer, sourceName).toString();
          return Recognition.ofCopy(found, source, place) ? found : null;
        });
  }

  @Override
  public CopySource copySource(String container, String name, BlobProperties version)
      throws IOException {
    return service.copySource(container, name, version);
  }

  @Override
  public BlobProperties putFromUrl(
      String container, String name, CopySource source, PutOptions options) throws IOException {
    return change(
        repeated -> service.putFromUrl(container, name, source, options),
        () -> {
          BlobProperties found = head(container, name);
          return Recognition.ofCopy(found, source.version(), source.place()) ? found : null;
        });
  }

  @Override
  public void putBlockFromUrl(
      String container, String name, String blockId, CopySource source, long offset, long length)
      throws IOException {
    repeat(() -> service.putBlockFromUrl(container, name, blockId, source, offset, length));
  }

  @Override
  public BlobProperties setMetadata(
      String container, String name, Map<String, String> metadata, Conditions conditions)
      throws IOException {
    return change(
        repeated -> service.setMetadata(container, name, metadata, conditions),
        () -> {
          BlobProperties found = head(container, name);
          return Recognition.ofMetadata(found, metadata) ? found : null;
        });
  }

  @Override
  public BlobProperties setHeaders(String container, String name, PutOptions options)
      throws IOException {
    return change(
        repeated -> service.setHeaders(container, name, options),
        () -> {
          BlobProperties found = head(container, name);
          return Recognition.ofHeaders(found, options) ? found : null;
        });
  }

  @Override
  public void setTier(String container, String name, String tier) throws IOException {
    repeat(() -> service.setTier(container, name, tier));
  }

  @Override
  public void breakLease(String container, String name) throws IOException {
    repeat(() -> service.breakLease(container, name));
  }

  @Override
  public ReadLink readLink(String container, String name) throws IOException {
    return repeater.run(repeated -> service.readLink(container, name));
  }

  @Override
  public Map<String, String> tags(String container, String name) throws IOException {
    return repeater.run(repeated -> service.tags(container, name));
  }

  @Override
  public void setTags(String container, String name, Map<String, String> tags) throws IOException {
    repeat(() -> service.setTags(container, name, tags));
  }

  @Override
  public void delete(String container, String name, Conditions conditions) throws IOException {
    repeater.run(
        repeated -> {
          try {
            service.delete(container, name, conditions);
          } catch (ServiceException e) {
            if (!repeated || !isGone(container, name, e)) {
              throw e;
            }
          }
          return null;
        });
  }

  @Override
  public Map<String, ServiceException> deleteBatch(String container, Map<String, Conditions> blobs)
      throws IOException {
    return repeater.run(
        repeated -> {
          Map<String, ServiceException> refusals =
              new LinkedHashMap<>(service.deleteBatch(container, blobs));
          if (repeated) {
            for (String name : List.copyOf(refusals.keySet())) {
              if (isGone(container, name, refusals.get(name))) {
                refusals.remove(name);
              }
            }
          }
          return refusals;
        });
  }

  /**
   * Whether the refusal of a repeated deletion only says that the blob is gone. Azurite refuses a
   * conditional one by its condition.
   */
  private boolean isGone(String container, String name, ServiceException refusal)
      throws IOException {
    if (refusal.errno() == Errno.ENOENT) {
      return true;
    }
    if (!conflict(refusal)) {
      return false;
    }
    try {
      head(container, name);
      return false;
    } catch (ServiceException e) {
      return e.errno() == Errno.ENOENT;
    }
  }

  /** Ends calls under way and closes the other service. */
  @Override
  public void close() {
    repeater.close();
    service.close();
  }
}
