package io.azcp.fs.fuse.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel's read-ahead on a mount. What INIT asks for is capped by the backing device's limit of
 * 128 KiB, which only root may raise, and only after INIT.
 */
final class ReadAhead {
  private static final Logger LOG = LoggerFactory.getLogger(ReadAhead.class);

  private ReadAhead() {}

  /** Raises it for the file system {@code major:minor}. */
  static void raise(String device, int bytes) {
    Path knob = Path.of("/sys/class/bdi", device, "read_ahead_kb");
    try {
      Files.writeString(knob, Integer.toString(bytes >> 10));
    } catch (IOException e) {
      LOG.debug("read-ahead stays at the kernel's default", e);
    }
  }
}
