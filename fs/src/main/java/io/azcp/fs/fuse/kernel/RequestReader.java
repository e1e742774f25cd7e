package io.azcp.fs.fuse.kernel;

import io.azcp.base.Errno;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread that reads requests until the mount ends. */
final class RequestReader implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(RequestReader.class);

  private final FuseDevice device;
  private final Incoming in;
  private final Dispatcher dispatcher;
  private final Runnable ended;

  RequestReader(Connection connection, FuseDevice device, int maxWrite, Runnable ended) {
    this.device = device;
    this.in = new Incoming(maxWrite);
    this.dispatcher = new Dispatcher(connection, device, in);
    this.ended = ended;
    connection.inFlight().oversee(dispatcher);
  }

  @Override
  public void run() {
    try {
      while (readOne()) {
        dispatcher.dispatch();
      }
    } finally {
      ended.run();
    }
  }

  /** Reads a request; false when the mount has ended. */
  private boolean readOne() {
    while (true) {
      long n = in.read(device);
      if (n >= Protocol.IN_HEADER) {
        return true;
      }
      Errno errno = Errno.of((int) -n);
      // ENOENT: the caller was killed before its request was read.
      if (errno != Errno.EINTR && errno != Errno.ENOENT && errno != Errno.EAGAIN) {
        if (errno != Errno.ENODEV) {
          LOG.warn("the mount ended: /dev/fuse answered {}", -n);
        }
        return false;
      }
    }
  }
}
