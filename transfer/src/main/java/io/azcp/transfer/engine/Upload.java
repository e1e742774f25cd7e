package io.azcp.transfer.engine;

import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.PutOptions;
import java.io.IOException;

/**
 * A blob to be made.
 *
 * @param container its container
 * @param name its name
 * @param content its bytes; read by several threads at once
 * @param options type, metadata and the conditions of the commit
 * @param md5 whether an MD5 of the whole content is computed and stored with it, in which case
 *     {@link PutOptions#contentMd5()} is not looked at
 * @param ids the ids of its blocks
 * @param stillValid asked before the commit
 */
public record Upload(
    String container,
    String name,
    BodySource content,
    PutOptions options,
    boolean md5,
    BlockIds ids,
    Validity stillValid) {

  /** Tells whether the content may still become the blob. */
  @FunctionalInterface
  public interface Validity {
    /** Always. */
    Validity ALWAYS = () -> {};

    /** Throws when it may not: nothing is committed, and the exception ends the upload. */
    void check() throws IOException;
  }

  /** An upload with new block ids, without an MD5 of its own, that stays valid. */
  public static Upload of(String container, String name, BodySource content, PutOptions options) {
    return new Upload(container, name, content, options, false, BlockIds.random(), Validity.ALWAYS);
  }
}
