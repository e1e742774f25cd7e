package io.azcp.transfer.blob;

import java.util.List;

/**
 * The blocks of a blob.
 *
 * @param committed the blocks its content is made of, in order
 * @param uncommitted blocks staged and not yet committed
 */
public record BlockList(List<Block> committed, List<Block> uncommitted) {
  /** A block by its Base64 id and its length in bytes. */
  public record Block(String id, long length) {}
}
