package io.azcp.fs.fuse.kernel;

import io.azcp.base.Errno;
import io.azcp.fs.fuse.Reply;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request whose answer is a structure built from a value.
 *
 * @param <T> the value
 */
abstract class Answer<T> extends Request implements Reply<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Answer.class);

  Answer(Connection connection, FuseDevice device, Incoming in) {
    super(connection, device, in);
  }

  /** Writes the body; answers its size, or a negated errno that becomes the answer. */
  abstract int encode(ByteBuffer body, T value);

  /** Bytes that the body may need. */
  int room(T value) {
    return 0;
  }

  /** The kernel never learns of the success: what it would have given back is given back. */
  void undo(T value) {}

  /** The answer was built and the kernel did not take it. */
  void lost(T value) {
    undo(value);
  }

  @Override
  public final void ok(T value) {
    Turn turn = turn();
    if (turn == Turn.FIRST) {
      deliver(value);
    } else if (turn == Turn.LATE) {
      undo(value);
    }
  }

  private void deliver(T value) {
    ReplyBuffers buffers = connection.buffers();
    ReplyBuffer buffer = null;
    int size;
    try {
      buffer = buffers.take(room(value));
      size = encode(buffer.body(), value);
      if (size >= 0 && !taken(buffer.send(device, unique, size))) {
        lost(value);
      }
    } catch (RuntimeException e) {
      LOG.error("the answer to {} cannot be built", this, e);
      size = -Errno.EIO.code();
    } finally {
      if (buffer != null) {
        buffers.give(buffer);
      }
    }
    if (size < 0) {
      sendError(Errno.of(-size));
      undo(value);
    }
  }
}
