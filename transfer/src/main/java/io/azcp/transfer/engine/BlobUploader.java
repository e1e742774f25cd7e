package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BlockList;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.PutOptions;
import io.azcp.transfer.blob.ServiceException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;

/**
 * Uploads blobs: one request below the block size, else blocks in parallel and a block list.
 * Thread-safe; uploads share the workers.
 */
public final class BlobUploader {
  /** What Put Block List answers when another commit has discarded our uncommitted blocks. */
  private static final String INVALID_BLOCK_LIST = "InvalidBlockList";

  private final BlobService service;
  private final Workers workers;
  private final long blockSize;
  private final int lookAhead;
  private final LongConsumer sent;

  /**
   * An uploader.
   *
   * @param workers who sends; not closed by this class
   * @param blockSize bytes of a block, as {@link BlockPlan#DEFAULT_BLOCK_SIZE}
   * @param lookAhead blocks of one upload queued or being sent at most
   */
  public BlobUploader(BlobService service, Workers workers, long blockSize, int lookAhead) {
    this(service, workers, blockSize, lookAhead, bytes -> {});
  }

  /**
   * An uploader that tells its progress.
   *
   * @param sent takes the number of bytes of each request that succeeded, from any thread
   */
  public BlobUploader(
      BlobService service, Workers workers, long blockSize, int lookAhead, LongConsumer sent) {
    this.service = service;
    this.workers = workers;
    this.blockSize = Math.min(blockSize, BlockPlan.MAX_BLOCK_SIZE);
    this.lookAhead = lookAhead;
    this.sent = sent;
  }

  /** Whether content of this length goes in one request. */
  boolean whole(long length) {
    return length < blockSize;
  }

  /**
   * Uploads on the workers; the calling thread, which must not be a worker, only coordinates (and
   * computes the MD5 where one is asked for).
   *
   * <p>{@link Upload#stillValid()} is asked after the last block was read and before the commit.
   * Where content and commit are one request it is asked before and after it: a failure after it
   * means that a blob of torn content may be there, which the caller must replace.
   *
   * @throws io.azcp.base.AzcpException {@code ESTALE} or {@code EEXIST} where a condition refused,
   *     {@code ECANCELED} where the workers were closed, what {@code stillValid} threw, or what the
   *     service said
   */
  public BlobProperties upload(Upload upload) throws IOException {
    if (whole(upload.content().length())) {
      var result = new AtomicReference<BlobProperties>();
      var group = new UnitGroup(workers, 1);
      group.submit(() -> result.set(putWhole(upload)));
      group.await();
      return result.get();
    }
    try {
      return putBlocks(upload, upload.ids());
    } catch (ServiceException e) {
      if (!e.code().equals(INVALID_BLOCK_LIST)) {
        throw e;
      }
      return putBlocks(upload, BlockIds.random());
    }
  }

  /** The whole content in one request, sent by the calling thread. */
  BlobProperties putWhole(Upload upload) throws IOException {
    upload.stillValid().check();
    PutOptions options = upload.options();
    if (upload.md5()) {
      var md5 = new ContentMd5();
      md5.add(upload.content());
      options = options.withMd5(md5.base64());
    }
    BlobProperties made = service.put(upload.container(), upload.name(), upload.content(), options);
    sent.accept(upload.content().length());
    upload.stillValid().check();
    return made;
  }

  void putBlock(Upload upload, String id, BodySource body) throws IOException {
    service.putBlock(upload.container(), upload.name(), id, body);
    sent.accept(body.length());
  }

  private BlobProperties putBlocks(Upload upload, BlockIds ids) throws IOException {
    BlockPlan plan = BlockPlan.of(upload.content().length(), blockSize);
    if (plan.blockSize() > BlockPlan.MAX_BLOCK_SIZE) {
      throw new AzcpException(
          Errno.EFBIG, upload.name() + " is larger than a block blob can be (190.7 TiB)");
    }
    ContentMd5 md5 = upload.md5() ? new ContentMd5() : null;
    try (var group = new UnitGroup(workers, lookAhead)) {
      for (int i = 0; i < plan.count(); i++) {
        String id = ids.id(i);
        BodySource body = FileBodies.slice(upload.content(), plan.offset(i), plan.size(i));
        group.submit(() -> putBlock(upload, id, body));
        if (md5 != null) {
          md5.add(body);
        }
      }
      group.await();
    }
    upload.stillValid().check();
    PutOptions options = md5 == null ? upload.options() : upload.options().withMd5(md5.base64());
    return commit(upload, ids.first(plan.count()), options);
  }

  BlobProperties commit(Upload upload, List<String> ids, PutOptions options) throws IOException {
    try {
      return service.putBlockList(upload.container(), upload.name(), ids, options);
    } catch (ServiceException e) {
      boolean refused = e.errno() == Errno.ESTALE || e.errno() == Errno.EEXIST;
      if (refused && committed(upload, ids)) {
        // The answer to our own commit was lost, and its repetition met the blob it had made.
        return service.head(upload.container(), upload.name());
      }
      throw e;
    }
  }

  private boolean committed(Upload upload, List<String> ids) throws IOException {
    BlockList blocks = service.blockList(upload.container(), upload.name());
    return blocks.committed().stream().map(BlockList.Block::id).toList().equals(ids);
  }
}
