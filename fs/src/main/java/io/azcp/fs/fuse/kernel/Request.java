package io.azcp.fs.fuse.kernel;

import io.azcp.base.Errno;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request from the moment it was read until it is answered: exactly once, by whoever comes first
 * of the port's answer, an interrupt, the deadline, and a handler that threw. A port's answer that
 * comes later is taken back ({@code undo}), because the kernel never learns of it; a second one is
 * a fault of the port, ignored and logged. Thread-safe.
 */
abstract class Request {
  private static final Logger LOG = LoggerFactory.getLogger(Request.class);
  private static final AtomicIntegerFieldUpdater<Request> STATE =
      AtomicIntegerFieldUpdater.newUpdater(Request.class, "state");

  private static final int PENDING = 0;
  private static final int ANSWERED = 1;
  private static final int CUT = 2;

  /** How an answer of the port finds its request. */
  enum Turn {
    FIRST,
    LATE,
    SECOND
  }

  final Connection connection;
  final FuseDevice device;
  final long unique;
  final long node;
  private final int opcode;
  private final long startNanos = System.nanoTime();
  private volatile int state;
  private volatile boolean parked;

  Request(Connection connection, FuseDevice device, Incoming in) {
    this.connection = connection;
    this.device = device;
    unique = in.unique();
    node = in.node();
    opcode = in.opcode();
  }

  final long startNanos() {
    return startNanos;
  }

  final boolean isPending() {
    return state == PENDING;
  }

  final void setParked() {
    parked = true;
  }

  /**
   * Whether a signal to the caller may end the request early. Calls that change something are
   * awaited instead: an application that sees EINTR does them again.
   */
  final boolean isInterruptible() {
    return switch (opcode) {
      case Protocol.LOOKUP,
          Protocol.GETATTR,
          Protocol.READLINK,
          Protocol.OPEN,
          Protocol.READ,
          Protocol.STATFS,
          Protocol.GETXATTR,
          Protocol.LISTXATTR,
          Protocol.OPENDIR,
          Protocol.READDIR,
          Protocol.READDIRPLUS,
          Protocol.FSYNC,
          Protocol.FSYNCDIR,
          Protocol.FLUSH,
          Protocol.LSEEK ->
          true;
      default -> false;
    };
  }

  /** Takes the right to answer for the port. */
  final Turn turn() {
    if (STATE.compareAndSet(this, PENDING, ANSWERED)) {
      unpark();
      return Turn.FIRST;
    }
    if (STATE.compareAndSet(this, CUT, ANSWERED)) {
      return Turn.LATE;
    }
    LOG.warn("{} was answered twice; the second answer is ignored", this);
    return Turn.SECOND;
  }

  /** Answers for the port, if it has not answered yet. */
  final boolean cut(Errno errno) {
    if (!STATE.compareAndSet(this, PENDING, CUT)) {
      return false;
    }
    unpark();
    sendError(errno);
    return true;
  }

  private void unpark() {
    if (parked) {
      connection.inFlight().remove(this);
    }
  }

  /** The port failed; also the {@code fail} of the reply interfaces. */
  public final void fail(Errno errno) {
    Turn turn = turn();
    if (turn != Turn.SECOND) {
      discard();
    }
    if (turn == Turn.FIRST) {
      sendError(errno);
    }
  }

  /** The port has failed: what was gathered for the answer is not needed. */
  void discard() {}

  final void sendError(Errno errno) {
    ReplyBuffer buffer = connection.buffers().take(0);
    try {
      buffer.sendError(device, unique, errno.code());
    } finally {
      connection.buffers().give(buffer);
    }
  }

  /** Whether the kernel took the answer; a caller that was killed or a mount that ended did not. */
  final boolean taken(long written) {
    if (written >= 0) {
      return true;
    }
    Errno errno = Errno.of((int) -written);
    if (errno == Errno.EINVAL || errno == Errno.EFAULT) {
      LOG.error("the kernel refused the answer to {}: {}", this, errno.text());
    }
    return false;
  }

  @Override
  public String toString() {
    return "FUSE request " + unique + " (operation " + opcode + ", node " + node + ")";
  }
}
