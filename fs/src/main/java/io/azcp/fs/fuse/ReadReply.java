package io.azcp.fs.fuse;

import io.azcp.base.Errno;
import java.nio.ByteBuffer;

/** The answer to a read; exactly one method is called exactly once, from any thread. */
public interface ReadReply {
  /**
   * The bytes lie in a file: the binding reads up to {@code length} from {@code offset} itself (a
   * short read is the end of the file) before this method returns.
   */
  void file(int fd, long offset, int length);

  /** The bytes themselves; the buffer is the binding's until this method returns. */
  void data(ByteBuffer data);

  /** The read failed. */
  void fail(Errno errno);
}
