package io.azcp.transfer.blob;

import io.azcp.base.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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

  /** Repeats each call up to so many times, waiting in between. */
  public RetryingBlobService(BlobService service, int maxRetries) {
    this(service, maxRetries, new RetryCounters());
  }

  private RetryingBlobService(BlobService service, int maxRetries, RetryCounters counters) {
    this(service, new Repeater(maxRetries, counters), counters);
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
          boolean ours =
              ourOperation(options.metadata(), found)
                  || (unmarked(options.metadata())
                      && found.length() == body.length()
                      && found.contentMd5().equals(md5(body, options)));
          return ours ? found : null;
        });
  }

  @Override
  public void putBlock(String container, String name, String blockId, BodySource body)
      throws IOException {
    repeater.run(
        repeated -> {
          service.putBlock(container, name, blockId, body);
          return null;
        });
  }

  @Override
  public BlobProperties putBlockList(
      String container, String name, List<String> blockIds, PutOptions options) throws IOException {
    return change(
        repeated -> service.putBlockList(container, name, blockIds, options),
        () -> {
          BlobProperties found = head(container, name);
          boolean ours =
              ourOperation(options.metadata(), found)
                  || (unmarked(options.metadata())
                      && !blockIds.isEmpty()
                      && blockList(container, name).committed().stream()
                          .map(BlockList.Block::id)
                          .toList()
                          .equals(blockIds));
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
      Map<String, String> metadata,
      Conditions conditions)
      throws IOException {
    return change(
        repeated ->
            service.copy(
                sourceContainer, sourceName, sourceEtag, container, name, metadata, conditions),
        () -> {
          BlobProperties found = head(container, name);
          if (metadata != null && !unmarked(metadata)) {
            return ourOperation(metadata, found) ? found : null;
          }
          BlobProperties source = head(sourceContainer, sourceName);
          boolean ours =
              source.length() == found.length()
                  && !source.contentMd5().isEmpty()
                  && source.contentMd5().equals(found.contentMd5());
          return ours ? found : null;
        });
  }

  @Override
  public BlobProperties setMetadata(
      String container, String name, Map<String, String> metadata, Conditions conditions)
      throws IOException {
    return change(
        repeated -> service.setMetadata(container, name, metadata, conditions),
        () -> {
          BlobProperties found = head(container, name);
          return caseless(found.metadata()).equals(caseless(metadata)) ? found : null;
        });
  }

  @Override
  public void delete(String container, String name, Conditions conditions) throws IOException {
    repeater.run(
        repeated -> {
          try {
            service.delete(container, name, conditions);
          } catch (ServiceException e) {
            boolean gone =
                repeated && (e.errno() == Errno.ENOENT || (conflict(e) && absent(container, name)));
            if (!gone) {
              throw e;
            }
          }
          return null;
        });
  }

  /** Azurite refuses a conditional delete of what is gone by the condition. */
  private boolean absent(String container, String name) throws IOException {
    try {
      head(container, name);
      return false;
    } catch (ServiceException e) {
      return e.errno() == Errno.ENOENT;
    }
  }

  private static Map<String, String> caseless(Map<String, String> metadata) {
    Map<String, String> map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    map.putAll(metadata);
    return map;
  }

  private static boolean unmarked(Map<String, String> metadata) {
    return !metadata.containsKey(MetadataKeys.OPERATION);
  }

  private static boolean ourOperation(Map<String, String> sent, BlobProperties found) {
    String operation = sent.get(MetadataKeys.OPERATION);
    return operation != null && operation.equals(found.metadataValue(MetadataKeys.OPERATION));
  }

  private static String md5(BodySource body, PutOptions options) throws IOException {
    if (!options.contentMd5().isEmpty()) {
      return options.contentMd5();
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
      for (long at = 0; at < body.length(); ) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), body.length() - at));
        int n = body.read(at, buffer);
        if (n <= 0) {
          return "";
        }
        digest.update(buffer.flip());
        at += n;
      }
      return Base64.getEncoder().encodeToString(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  /** Ends calls under way and closes the other service. */
  @Override
  public void close() {
    repeater.close();
    service.close();
  }
}
