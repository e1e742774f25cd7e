package io.azcp.transfer.engine;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * The block ids of one upload. An id is 48 bytes: 16 that are random for the upload, the block's
 * index in 8, and zeros; so two uploads of one blob never share a block, and a committed block list
 * tells whose upload it came from. 48 bytes are what AzCopy uses; the service wants all ids of a
 * blob equally long and at most 64 bytes (Put Block).
 */
public final class BlockIds {
  /** Bytes that tell uploads apart. */
  public static final int UPLOAD_BYTES = 16;

  static final int ID_BYTES = 48;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] upload;

  /** The ids of an upload that is known already, as from a journal. */
  public BlockIds(byte[] upload) {
    if (upload.length != UPLOAD_BYTES) {
      throw new IllegalArgumentException("an upload has " + UPLOAD_BYTES + " bytes");
    }
    this.upload = upload.clone();
  }

  /** The ids of a new upload. */
  public static BlockIds random() {
    byte[] bytes = new byte[UPLOAD_BYTES];
    RANDOM.nextBytes(bytes);
    return new BlockIds(bytes);
  }

  /** The random bytes. */
  public byte[] upload() {
    return upload.clone();
  }

  /** The Base64 id of a block. */
  public String id(int index) {
    return Base64.getEncoder()
        .encodeToString(ByteBuffer.allocate(ID_BYTES).put(upload).putLong(index).array());
  }

  /** Whether a Base64 id belongs to this upload. */
  public boolean made(String id) {
    byte[] raw;
    try {
      raw = Base64.getDecoder().decode(id);
    } catch (IllegalArgumentException e) {
      return false;
    }
    return raw.length == ID_BYTES && Arrays.equals(raw, 0, UPLOAD_BYTES, upload, 0, UPLOAD_BYTES);
  }

  /** The ids of the first blocks, in order. */
  List<String> first(int count) {
    List<String> ids = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      ids.add(id(i));
    }
    return ids;
  }
}
