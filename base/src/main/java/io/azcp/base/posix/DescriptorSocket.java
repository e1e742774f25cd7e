package io.azcp.base.posix;

import java.nio.ByteBuffer;

/**
 * A pair of connected Unix sockets over which a child process hands a file descriptor to this one
 * (unix(7), {@code SCM_RIGHTS}). Used by one thread.
 */
public final class DescriptorSocket implements AutoCloseable {
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int SO_RCVTIMEO = 20;
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;
  private static final int F_SETFD = 2;
  private static final int FD_CLOEXEC = 1;

  private static final int IOVEC = 64;
  private static final int CONTROL = 80;
  private static final int CONTROL_BYTES = 24;
  private static final int DATA = 104;
  private static final int TIMEVAL = 112;

  private final int ours;
  private int theirs;

  private DescriptorSocket(int ours, int theirs) {
    this.ours = ours;
    this.theirs = theirs;
  }

  /** A new pair; the child's end is inherited by children, ours is not. */
  public static DescriptorSocket open() throws PosixException {
    ByteBuffer pair = Libc.buffer(8);
    Libc.check(
        Libc.CALLS.socketpair(AF_UNIX, SOCK_STREAM, 0, Libc.address(pair)), "socketpair", "unix");
    Libc.CALLS.fcntl(pair.getInt(0), F_SETFD, FD_CLOEXEC);
    return new DescriptorSocket(pair.getInt(0), pair.getInt(4));
  }

  /** The number of the child's end. */
  public int childEnd() {
    return theirs;
  }

  /** Closes the child's end here, so that the child's death is seen. */
  public void closeChildEnd() {
    Fd.close(theirs);
    theirs = -1;
  }

  /**
   * Waits for the descriptor. Answers −1 when the other side closed without sending one or the time
   * ran out.
   */
  public int receive(int limitSeconds) {
    ByteBuffer b = Libc.buffer(128);
    long base = Libc.address(b);
    b.putLong(TIMEVAL, limitSeconds);
    Libc.CALLS.setsockopt(ours, SOL_SOCKET, SO_RCVTIMEO, base + TIMEVAL, 16);
    b.putLong(IOVEC, base + DATA).putLong(IOVEC + 8, 1);
    // struct msghdr: name, namelen, iov, iovlen, control, controllen, flags
    b.putLong(16, base + IOVEC).putLong(24, 1);
    b.putLong(32, base + CONTROL).putLong(40, CONTROL_BYTES);
    long n = Libc.CALLS.recvmsg(ours, base, MSG_CMSG_CLOEXEC);
    boolean rights =
        n > 0 && b.getInt(CONTROL + 8) == SOL_SOCKET && b.getInt(CONTROL + 12) == SCM_RIGHTS;
    return rights ? b.getInt(CONTROL + 16) : -1;
  }

  @Override
  public void close() {
    closeChildEnd();
    Fd.close(ours);
  }
}
