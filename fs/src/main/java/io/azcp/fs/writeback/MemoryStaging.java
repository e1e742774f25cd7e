package io.azcp.fs.writeback;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Directory;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.Identity;
import io.azcp.base.posix.PosixException;
import io.azcp.base.posix.Stat;
import io.azcp.config.StagingPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session's staging files in memory, and how much all of this user's may take there. The folder
 * is told by the session's own, so a session whose journal is replayed finds it. Thread-safe.
 */
final class MemoryStaging {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryStaging.class);
  private static final String MEMORY = "/dev/shm";
  private static final String PREFIX = MEMORY + "/azcp-staging-";
  private static final int PRIVATE = 0700;
  private static final int PERMISSIONS = 0777;
  private static final long BLOCK = 512;

  /** Of the memory, unless the rule says how much. */
  private static final int PART = 4;

  /** Measuring looks at every file: once in so long is enough. */
  private static final long MEASURE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final StagingPolicy policy;
  private final String sessionFolder;
  private final String root;
  private final String folder;
  private final AtomicLong used = new AtomicLong();
  private long limit = -1;
  private long measuredNanos = System.nanoTime() - MEASURE_NANOS;
  private boolean made;

  MemoryStaging(StagingPolicy policy, String sessionFolder) {
    this.policy = policy;
    this.sessionFolder = sessionFolder;
    this.root = PREFIX + Identity.euid();
    this.folder = root + "/" + name(sessionFolder);
  }

  /** A file has left the memory: who looks next measures. */
  synchronized void left() {
    measuredNanos = System.nanoTime() - MEASURE_NANOS;
  }

  private static String name(String sessionFolder) {
    return UUID.nameUUIDFromBytes(sessionFolder.getBytes(StandardCharsets.UTF_8)).toString();
  }

  /** Whether a staging file's path is one in memory. */
  static boolean holds(String path) {
    return path != null && path.startsWith(PREFIX);
  }

  /** Makes what was sent from memory ready for the cache, where it is kept. */
  void keep(StagedFile sent) {
    if (!policy.keep() || !holds(sent.staging.path)) {
      return;
    }
    try {
      sent.content().copyForCache(sessionFolder + "/" + sent.entry.id + Replay.DATA);
    } catch (IOException e) {
      LOG.warn("{} is in the service but not in the cache: {}", sent.entry.name, e.getMessage());
    }
  }

  /** Where a new file goes; null for the disk, where memory has no room or is not wanted. */
  String place(long id) {
    if (!policy.memory()) {
      return null;
    }
    try {
      make();
      return admits(0) ? path(id) : null;
    } catch (IOException e) {
      LOG.warn("new files are staged on disk: {}", e.getMessage());
      return null;
    }
  }

  /** Where the file of an entry is, once the folder is made. */
  String path(long id) {
    return folder + "/" + id + Replay.DATA;
  }

  /** Makes the folder, which nobody else may have made in our name. */
  synchronized void make() throws IOException {
    if (made) {
      return;
    }
    for (String each : List.of(root, folder)) {
      try {
        Files.mkdir(each, PRIVATE);
      } catch (PosixException e) {
        if (e.errno() != Errno.EEXIST) {
          throw e;
        }
      }
      Stat stat = Files.lstat(each);
      boolean ours =
          (stat.mode() & Stat.TYPE_MASK) == Stat.DIRECTORY
              && stat.uid() == Identity.euid()
              && (stat.mode() & PERMISSIONS) == PRIVATE;
      if (!ours) {
        throw new AzcpException(
            Errno.EPERM, each + " is not a folder of yours alone (0700); remove it");
      }
    }
    made = true;
    measure();
  }

  /** Whether so many more bytes may be written; they are counted if so. */
  boolean admits(long bytes) {
    if (used.addAndGet(bytes) < limit()) {
      return true;
    }
    used.addAndGet(-bytes);
    return measure() + bytes < limit() && used.addAndGet(bytes) < limit();
  }

  private synchronized long limit() {
    if (limit < 0) {
      limit =
          policy.bytes() == Long.MAX_VALUE ? MachineMemory.bytes(MEMORY) / PART : policy.bytes();
    }
    return limit;
  }

  /** What is there, of other sessions, too. */
  private synchronized long measure() {
    long now = System.nanoTime();
    if (now - measuredNanos < MEASURE_NANOS) {
      return used.get();
    }
    measuredNanos = now;
    long sum = 0;
    for (String session : names(root, Directory.Type.DIRECTORY)) {
      for (String file : names(root + "/" + session, Directory.Type.FILE)) {
        sum += bytes(root + "/" + session + "/" + file);
      }
    }
    used.set(sum);
    return sum;
  }

  private static long bytes(String path) {
    try {
      return Files.lstat(path).blocks() * BLOCK;
    } catch (IOException gone) {
      return 0;
    }
  }

  private static List<String> names(String path, Directory.Type wanted) {
    List<String> names = new ArrayList<>();
    try {
      Directory.read(
          path,
          (name, type, inode) -> {
            if (type == wanted) {
              names.add(name);
            }
            return true;
          });
    } catch (IOException gone) {
      return names;
    }
    return names;
  }

  /** The staging files in the folder, by name. */
  List<String> files() {
    return names(folder, Directory.Type.FILE);
  }

  String folder() {
    return folder;
  }

  /** Removes the folder, where it is empty. */
  void remove() {
    try {
      Files.rmdir(folder);
    } catch (IOException stays) {
      LOG.debug("{} stays: {}", folder, stays.getMessage());
    }
  }
}
