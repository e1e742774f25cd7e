package io.azcp.transfer.blob;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes the bytes of an answer. Called from the thread that made the request. */
@FunctionalInterface
public interface BodySink {
  /**
   * Takes all remaining bytes of the buffer, which is direct and is reused afterwards.
   *
   * @param offset the blob offset of the first of them
   */
  void accept(long offset, ByteBuffer data) throws IOException;

  /**
   * Told what the service says of the blob, once, before the first byte (also of an empty answer).
   * A get that is repeated after a fault stays with that version and does not tell again.
   */
  default void begin(BlobProperties properties) throws IOException {}
}
