package io.azcp.fs.mount;

import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.config.Environment;
import java.io.IOException;
import java.util.Locale;

/**
 * Where a daemon's output goes once nobody watches it any more: a file for each place, readable by
 * its user only. The former one is kept beside it once it has grown.
 */
public final class DaemonLog {
  private static final long KEEP_BYTES = 8L << 20;

  private DaemonLog() {}

  /** The folder of all logs: {@code azcp/log} below {@code XDG_CACHE_HOME} or {@code ~/.cache}. */
  static String folder(Environment environment) {
    return environment.variable("XDG_CACHE_HOME").orElse(environment.absolute("~/.cache"))
        + "/azcp/log";
  }

  /** The log of a mount at a place. */
  public static String file(Environment environment, String mountPoint) {
    String name = mountPoint.replaceFirst("^/+", "").replaceAll("[^A-Za-z0-9._-]", "-");
    String shorter = name.length() > 100 ? name.substring(name.length() - 100) : name;
    String hash = String.format(Locale.ROOT, "%08x", mountPoint.hashCode());
    return folder(environment) + "/" + shorter + "-" + hash + ".log";
  }

  /**
   * Sends standard output and standard error of this process there, and takes standard input away.
   * Done once, when the mount is up, so that whoever started it is no longer held by them.
   */
  public static void takeOver(String file) throws IOException {
    Files.mkdirs(file.substring(0, file.lastIndexOf('/')), 0700);
    if (Files.exists(file) && Files.stat(file).size() > KEEP_BYTES) {
      Files.rename(file, file + ".1");
    }
    int log = Fd.open(file, Fd.O_WRONLY | Fd.O_CREAT | Fd.O_APPEND, 0600);
    int nothing = Fd.open("/dev/null", Fd.O_RDONLY, 0);
    Fd.dup2(nothing, 0);
    Fd.dup2(log, 1);
    Fd.dup2(log, 2);
    Fd.close(nothing);
    Fd.close(log);
  }
}
