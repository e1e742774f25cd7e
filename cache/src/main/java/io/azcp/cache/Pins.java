package io.azcp.cache;

import io.azcp.base.Errno;
import io.azcp.base.posix.Directory;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.Native;
import io.azcp.base.posix.PosixException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The names whose files stay when room is made. A pin is a small file in {@code .azcp/pins}, called
 * by the hash of the name and holding the name, so pins outlive restarts, versions and the cached
 * files themselves, and cost nothing but a look at a path when something is about to be evicted.
 * Thread-safe, and safe among processes.
 */
record Pins(String folder) {
  private static final int HASH_DIGITS = 32;
  private static final int MAX_BYTES = 8 << 10;

  /** Pins a name; pinned already is fine. */
  void pin(String name) throws IOException {
    String path = path(name);
    if (Files.exists(path)) {
      return;
    }
    int fd = Fd.open(path, Fd.O_WRONLY | Fd.O_CREAT, 0600);
    try {
      byte[] text = name.getBytes(StandardCharsets.UTF_8);
      ByteBuffer b = Native.buffer(text.length);
      b.put(text).flip();
      Fd.pwriteFully(fd, b, 0);
    } finally {
      Fd.close(fd);
    }
  }

  /** Lets a name go; answers whether it was pinned. */
  boolean unpin(String name) throws IOException {
    return Files.unlinkIfExists(path(name));
  }

  /** Lets a name and all names below it go; answers how many were pinned. */
  long unpinAll(String name) throws IOException {
    List<String> due = new ArrayList<>();
    String below = name.isEmpty() ? "" : name + "/";
    Directory.read(
        folder,
        (file, type, inode) -> {
          String pinned = read(folder + "/" + file);
          if (pinned.startsWith(below) || pinned.equals(name)) {
            due.add(folder + "/" + file);
          }
          return true;
        });
    long count = 0;
    for (String path : due) {
      count += Files.unlinkIfExists(path) ? 1 : 0;
    }
    return count;
  }

  private static String read(String path) throws IOException {
    int fd;
    try {
      fd = Fd.open(path, Fd.O_RDONLY, 0);
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT) {
        return "";
      }
      throw e;
    }
    try {
      ByteBuffer b = Native.buffer(MAX_BYTES);
      byte[] text = new byte[Fd.pread(fd, b, 0)];
      b.get(0, text);
      return new String(text, StandardCharsets.UTF_8);
    } finally {
      Fd.close(fd);
    }
  }

  boolean holds(String name) {
    return Files.exists(path(name));
  }

  /** Whether anything is pinned at all. */
  boolean any() throws IOException {
    boolean[] any = {false};
    Directory.read(
        folder,
        (file, type, inode) -> {
          any[0] = true;
          return false;
        });
    return any[0];
  }

  /** A pin follows its file to another name. */
  void move(String name, String newName) throws IOException {
    if (!name.equals(newName) && unpin(name)) {
      pin(newName);
    }
  }

  private String path(String name) {
    return folder + "/" + CacheNames.hash(name).substring(0, HASH_DIGITS);
  }
}
