package io.azcp.transfer.engine;

import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.ServiceErrors;
import io.azcp.transfer.blob.ServiceException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Stages blocks of files that are still being written, and commits them later with the rest. A
 * block counts only if it still has the MD5 of what was staged, so it does not matter what was
 * rewritten meanwhile. Thread-safe.
 */
public final class EarlyUploader {
  /** Blocks under way at a time: each is held in memory, as what is sent must be what is summed. */
  private static final int LOOK_AHEAD = 4;

  private final BlobService service;
  private final Workers workers;
  private final BlobUploader uploader;
  private final int blockSize;
  private final int lookAhead;

  /**
   * An uploader.
   *
   * @param workers who sends; not closed by this class
   * @param uploader sends and commits blocks
   * @param blockSize bytes of a block
   * @param lookAhead blocks of one commit queued or being sent at most
   */
  public EarlyUploader(
      BlobService service, Workers workers, BlobUploader uploader, int blockSize, int lookAhead) {
    this.service = service;
    this.workers = workers;
    this.uploader = uploader;
    this.blockSize = blockSize;
    this.lookAhead = lookAhead;
  }

  /** Where the first block begins that nobody has begun to stage. */
  public long next(EarlyBlocks blocks) {
    return (long) blocks.next() * blockSize;
  }

  /**
   * Stages what comes next of the blocks that end within the content.
   *
   * @param content the beginning of the file that is finished, as far as one can tell
   * @param most how many blocks at most
   * @return how many were staged
   */
  public int stage(String container, String name, BodySource content, EarlyBlocks blocks, int most)
      throws IOException {
    int begun = 0;
    try (var group = new UnitGroup(workers, LOOK_AHEAD)) {
      while (begun < most
          && next(blocks) + blockSize <= content.length()
          && blocks.next() < BlockPlan.MAX_BLOCKS) {
        int index = blocks.begin();
        begun++;
        group.submit(() -> stageOne(container, name, content, blocks, index));
      }
      group.await();
    }
    return begun;
  }

  private void stageOne(
      String container, String name, BodySource content, EarlyBlocks blocks, int index)
      throws IOException {
    var md5 = new ContentMd5();
    byte[] bytes = md5.read(FileBodies.slice(content, (long) index * blockSize, blockSize));
    service.putBlock(container, name, blocks.id(index), BodySource.of(bytes));
    blocks.staged(index, md5.base64());
  }

  /**
   * Uploads what is not staged, and commits all.
   *
   * @param upload what is to be uploaded; its MD5 is computed in any case
   * @return what was committed; empty, and nothing was, where all has to be sent: nothing is
   *     staged, or the service has discarded it
   */
  public Optional<BlobProperties> upload(Upload upload, EarlyBlocks blocks) throws IOException {
    BlockPlan plan = BlockPlan.of(upload.content().length(), blockSize);
    if (blocks.count() == 0
        || upload.content().length() < blockSize
        || plan.blockSize() != blockSize) {
      return Optional.empty();
    }
    List<String> ids = new ArrayList<>();
    var md5 = new ContentMd5();
    try (var group = new UnitGroup(workers, lookAhead)) {
      for (int i = 0; i < plan.count(); i++) {
        BodySource body = FileBodies.slice(upload.content(), plan.offset(i), plan.size(i));
        ids.add(blocks.has(i) ? staged(upload, blocks, i, body, md5, group) : upload.ids().id(i));
        if (!blocks.has(i)) {
          String id = upload.ids().id(i);
          group.submit(() -> uploader.putBlock(upload, id, body));
          md5.add(body);
        }
      }
      group.await();
    }
    upload.stillValid().check();
    try {
      return Optional.of(uploader.commit(upload, ids, upload.options().withMd5(md5.base64())));
    } catch (ServiceException e) {
      if (e.code().equals(ServiceErrors.INVALID_BLOCK_LIST)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The id of a block that was staged: that of then where it is the same still. */
  private String staged(
      Upload upload,
      EarlyBlocks blocks,
      int index,
      BodySource body,
      ContentMd5 whole,
      UnitGroup group)
      throws IOException {
    var md5 = new ContentMd5();
    whole.add(body, md5);
    if (blocks.holds(index, md5.base64())) {
      return blocks.id(index);
    }
    String id = upload.ids().id(index);
    group.submit(() -> uploader.putBlock(upload, id, body));
    return id;
  }
}
