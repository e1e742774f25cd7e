package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.PutOptions;
import io.azcp.transfer.blob.ServiceErrors;
import io.azcp.transfer.blob.ServiceException;
import java.io.IOException;
import java.util.Set;

/**
 * Copies blobs from one account to another. The destination's service reads the source by URL; once
 * it says that it cannot, this and all further blobs go through this machine. A blob up to the
 * block size is copied by one request, a larger one in ranges, all pinned to the source's ETag.
 * Thread-safe.
 */
final class AccountCopy {
  /** Codes by which a service says that it does not know an operation. */
  private static final Set<String> UNKNOWN =
      Set.of(
          "APINotImplemented",
          "NotImplemented",
          "UnsupportedHeader",
          "UnsupportedHttpVerb",
          "UnsupportedQueryParameter",
          "FeatureVersionMismatch");

  /**
   * A blob to be copied.
   *
   * @param version the source's, as listed
   * @param options what is asked for; tier, tags and conditions as they are to be sent
   */
  record Copy(
      String sourceContainer,
      String from,
      BlobProperties version,
      String container,
      String to,
      PutOptions options) {}

  /** A way from one account to the other. */
  interface Route {
    /** Copies a whole blob, of at most the block size. */
    BlobProperties whole(Copy copy) throws IOException;

    /** Stages a range. */
    void block(Copy copy, String id, long offset, long length) throws IOException;
  }

  private final Job job;
  private final Workers team;
  private final BlobService source;
  private final Route byUrl;
  private final Route throughHere;
  private volatile boolean readsUrls = true;

  AccountCopy(Job job, Workers team, BlobService source) {
    this.job = job;
    this.team = team;
    this.source = source;
    this.byUrl = new UrlRoute(source, job.service);
    this.throughHere = new RelayRoute(job, source);
  }

  /** Whether a blob of this length is copied by one request, on the worker itself. */
  boolean whole(long length) {
    return length <= job.options.blockSize();
  }

  /** Copies a blob; one that is not {@link #whole} by a thread that is no worker. */
  BlobProperties copy(Copy copy) throws IOException {
    String type = copy.version().blobType();
    if (!type.isEmpty() && !type.equals("BlockBlob")) {
      throw new AzcpException(
          Errno.EOPNOTSUPP,
          copy.from()
              + " is a "
              + type
              + ", and only block blobs are copied to another account; download it instead");
    }
    if (readsUrls) {
      try {
        return copy(copy, byUrl);
      } catch (ServiceException e) {
        if (e.status() != 501 && !UNKNOWN.contains(e.code())) {
          throw e;
        }
        giveUpUrls(e);
      }
    }
    return copy(copy, throughHere);
  }

  private synchronized void giveUpUrls(ServiceException e) {
    if (readsUrls) {
      readsUrls = false;
      job.warn(
          "the service cannot read from the other account, so the bytes go through this machine: "
              + e.getMessage());
    }
  }

  private BlobProperties copy(Copy copy, Route route) throws IOException {
    return whole(copy.version().length()) ? route.whole(copy) : inRanges(copy, route);
  }

  /** All that is to be told of a source, which still is the version that is copied. */
  static BlobProperties properties(BlobService source, Copy copy) throws IOException {
    BlobProperties now = source.head(copy.sourceContainer(), copy.from());
    if (!now.etag().equals(copy.version().etag())) {
      String subject = copy.sourceContainer() + "/" + copy.from();
      throw ServiceErrors.of("copy", subject, 412, "SourceConditionNotMet", "", "");
    }
    return now;
  }

  private BlobProperties inRanges(Copy copy, Route route) throws IOException {
    try {
      return commitRanges(copy, route);
    } catch (ServiceException e) {
      if (!e.code().equals(ServiceErrors.INVALID_BLOCK_LIST)) {
        throw e;
      }
      // Another commit of the same blob discarded our blocks: they are sent again, once.
      return commitRanges(copy, route);
    }
  }

  private BlobProperties commitRanges(Copy copy, Route route) throws IOException {
    BlockPlan plan = BlockPlan.of(copy.version().length(), job.options.blockSize());
    BlockIds ids = BlockIds.random();
    BlobProperties now = properties(source, copy);
    try (var group = new UnitGroup(team, 2 * job.options.concurrency())) {
      for (int i = 0; i < plan.count(); i++) {
        String id = ids.id(i);
        long offset = plan.offset(i);
        long size = plan.size(i);
        group.submit(
            () -> {
              job.checkGoing();
              route.block(copy, id, offset, size);
            });
      }
      group.await();
    }
    return job.service.putBlockList(
        copy.container(), copy.to(), ids.first(plan.count()), Overlay.of(copy.options(), now));
  }
}
