package io.azcp.fs.mount.control;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.Identity;
import io.azcp.base.posix.Stat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a user's live mounts are found: a folder only he can enter, with a file {@code PID.json}
 * and a socket {@code PID.sock} for each daemon. What a dead daemon left behind is removed when it
 * is met.
 */
public final class RuntimeFolder {
  /** Names the folder instead of the usual places. */
  public static final String VARIABLE = "AZCP_RUNTIME_DIR";

  /** {@code sun_path} of unix(7) with its final zero. */
  private static final int LONGEST_SOCKET_PATH = 107;

  private final String path;

  private RuntimeFolder(String path) {
    this.path = path;
  }

  /**
   * The user's folder: {@value #VARIABLE}, else below {@code XDG_RUNTIME_DIR}, {@code
   * /run/user/UID} or {@code /tmp}. Made if missing; refused when others could enter it.
   */
  public static RuntimeFolder of(Map<String, String> env) throws IOException {
    int uid = Identity.euid();
    String path = choose(env, uid);
    Files.mkdirs(path, 0700);
    Stat stat = Files.lstat(path);
    if (!stat.isDirectory() || stat.uid() != uid || (stat.mode() & 077) != 0) {
      throw new AzcpException(
          Errno.EACCES,
          path
              + " is not a folder that only you can enter; remove it, or set "
              + VARIABLE
              + " to another one");
    }
    return new RuntimeFolder(path);
  }

  private static String choose(Map<String, String> env, int uid) {
    String own = env.getOrDefault(VARIABLE, "");
    if (!own.isEmpty()) {
      return own;
    }
    String xdg = env.getOrDefault("XDG_RUNTIME_DIR", "");
    if (!xdg.isEmpty() && Files.exists(xdg)) {
      return xdg + "/azcp";
    }
    String run = "/run/user/" + uid;
    return Files.exists(run) ? run + "/azcp" : "/tmp/azcp-" + uid;
  }

  /** Where this process's control socket belongs. */
  public String socket() throws AzcpException {
    String socket = path + "/" + ProcessHandle.current().pid() + ".sock";
    if (socket.getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET_PATH) {
      throw new AzcpException(
          Errno.ENAMETOOLONG,
          socket + " is too long for a socket; set " + VARIABLE + " to a shorter folder");
    }
    return socket;
  }

  /** Makes this process known as a live mount. */
  public void register(LiveMount mount) throws IOException {
    Path file = file(mount.pid());
    Path fresh = Path.of(path, "." + mount.pid() + ".new");
    java.nio.file.Files.writeString(fresh, mount.message().json() + "\n");
    Files.rename(fresh.toString(), file.toString());
  }

  /** Takes this process out again. */
  public void unregister(long pid) throws IOException {
    java.nio.file.Files.deleteIfExists(file(pid));
    java.nio.file.Files.deleteIfExists(Path.of(path, pid + ".sock"));
  }

  private Path file(long pid) {
    return Path.of(path, pid + ".json");
  }

  /** The live mounts, oldest first. */
  public List<LiveMount> live() throws IOException {
    List<LiveMount> mounts = new ArrayList<>();
    try (DirectoryStream<Path> files =
        java.nio.file.Files.newDirectoryStream(Path.of(path), "*.json")) {
      for (Path file : files) {
        read(file).ifPresent(mounts::add);
      }
    }
    mounts.sort(Comparator.comparingLong(LiveMount::startedMillis));
    return mounts;
  }

  private Optional<LiveMount> read(Path file) throws IOException {
    LiveMount mount;
    try {
      mount = LiveMount.of(Message.parse(java.nio.file.Files.readString(file).strip()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      ControlClient.connect(mount.socket()).close();
      return Optional.of(mount);
    } catch (AzcpException e) {
      if (e.errno() == Errno.ENOTCONN) {
        unregister(mount.pid());
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The mount that is mounted at a path, or above it. */
  public Optional<LiveMount> serving(String absolutePath) throws IOException {
    return live().stream().filter(m -> m.serves(absolutePath)).findFirst();
  }
}
