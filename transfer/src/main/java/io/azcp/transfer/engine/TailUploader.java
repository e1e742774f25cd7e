package io.azcp.transfer.engine;

import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BlockList;
import io.azcp.transfer.blob.BlockList.Block;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.PutOptions;
import io.azcp.transfer.blob.ServiceErrors;
import io.azcp.transfer.blob.ServiceException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Uploads what was appended to a blob: its full blocks stay, what follows them is sent, and all are
 * committed as one list. That the content begins with the blob's is proved by the blob's MD5, so
 * nothing has to be remembered between uploads. A last block that is not full is sent again, so
 * that many small tails do not use up the blocks that a blob may have. Thread-safe.
 */
public final class TailUploader {
  private final BlobService service;
  private final Workers workers;
  private final BlobUploader uploader;
  private final long blockSize;
  private final int lookAhead;

  /**
   * An uploader of tails.
   *
   * @param workers who sends; not closed by this class
   * @param uploader sends and commits blocks
   * @param blockSize bytes of a block; a smaller committed one is sent again
   * @param lookAhead blocks of one upload queued or being sent at most
   */
  public TailUploader(
      BlobService service, Workers workers, BlobUploader uploader, long blockSize, int lookAhead) {
    this.service = service;
    this.workers = workers;
    this.uploader = uploader;
    this.blockSize = blockSize;
    this.lookAhead = lookAhead;
  }

  /**
   * Uploads the tail, where the content begins with the blob's.
   *
   * @param upload what is to be uploaded, on the condition that the blob is the one described next;
   *     its MD5 is computed in any case
   * @param length bytes of the blob
   * @param contentMd5 Base64 of its MD5, or empty
   * @return what was committed; empty, and nothing was, where all has to be sent: the blob has no
   *     full block, is not what the content begins with, or was not written by azcp
   */
  public Optional<BlobProperties> upload(Upload upload, long length, String contentMd5)
      throws IOException {
    if (length < blockSize || upload.content().length() < length || contentMd5.isEmpty()) {
      return Optional.empty();
    }
    List<Block> kept = full(service.blockList(upload.container(), upload.name()), length);
    long from = kept.stream().mapToLong(Block::length).sum();
    BlockPlan plan = new BlockPlan(upload.content().length() - from, blockSize);
    if (kept.isEmpty() || kept.size() + plan.count() > BlockPlan.MAX_BLOCKS) {
      return Optional.empty();
    }
    var md5 = new ContentMd5();
    md5.add(FileBodies.slice(upload.content(), 0, length));
    if (!md5.soFar().equals(contentMd5)) {
      return Optional.empty();
    }
    md5.add(FileBodies.slice(upload.content(), length, upload.content().length() - length));
    try {
      return Optional.of(send(upload, kept, from, plan, md5.base64()));
    } catch (ServiceException e) {
      if (e.code().equals(ServiceErrors.INVALID_BLOCK_LIST)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The full blocks that the blob begins with; none where its blocks are not of our making. */
  private List<Block> full(BlockList blocks, long length) {
    List<Block> kept = new ArrayList<>();
    boolean full = true;
    long total = 0;
    for (Block block : blocks.committed()) {
      if (Base64.getDecoder().decode(block.id()).length != BlockIds.ID_BYTES) {
        return List.of();
      }
      full &= block.length() >= blockSize;
      if (full) {
        kept.add(block);
      }
      total += block.length();
    }
    return total == length ? kept : List.of();
  }

  private BlobProperties send(
      Upload upload, List<Block> kept, long from, BlockPlan plan, String md5) throws IOException {
    List<String> ids = new ArrayList<>(kept.stream().map(Block::id).toList());
    try (var group = new UnitGroup(workers, lookAhead)) {
      for (int i = 0; i < plan.count(); i++) {
        String id = upload.ids().id(i);
        BodySource body = FileBodies.slice(upload.content(), from + plan.offset(i), plan.size(i));
        group.submit(() -> uploader.putBlock(upload, id, body));
        ids.add(id);
      }
      group.await();
    }
    upload.stillValid().check();
    PutOptions options = upload.options().withMd5(md5);
    return uploader.commit(upload, ids, options);
  }
}
