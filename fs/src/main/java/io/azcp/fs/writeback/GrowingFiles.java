package io.azcp.fs.writeback;

import io.azcp.base.posix.Fd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then at files that are being written, and has those uploaded that only grew since
 * the look before: logs, which are open for hours. That nothing else in them changed is told by
 * their MD5, because writes past the daemon are not seen. Run by one thread.
 */
final class GrowingFiles {
  private static final Logger LOG = LoggerFactory.getLogger(GrowingFiles.class);

  private final Ledger ledger;

  GrowingFiles(Ledger ledger) {
    this.ledger = ledger;
  }

  /** A beginning of a file: its length, its MD5, and when it was looked at. */
  record Look(long length, String md5, long nanos) {}

  /** Looks at the files whose time has come. */
  void run() {
    long every = ledger.options.policy().uploadEvery().toNanos();
    for (StagedFile file : due(System.nanoTime() - every)) {
      try {
        look(file);
      } catch (IOException e) {
        LOG.debug("a growing file is looked at again later: {}", e.getMessage());
      }
    }
  }

  private List<StagedFile> due(long before) {
    List<StagedFile> due = new ArrayList<>();
    ledger.lock.lock();
    try {
      for (Entry e : ledger.entries()) {
        StagedFile local = e.local;
        boolean written = local != null && local.writable() && !e.name.isEmpty();
        if (written && (local.look() == null || local.look().nanos() - before <= 0)) {
          due.add(local);
        }
      }
      return due;
    } finally {
      ledger.lock.unlock();
    }
  }

  /** Looks at one file, whenever it was looked at before. */
  void look(StagedFile file) throws IOException {
    Look last;
    long length;
    int fd;
    ledger.lock.lock();
    try {
      if (file.gone() || file.entry.name.isEmpty()) {
        return;
      }
      last = file.look();
      length = file.stamp().size();
      fd = Fd.open(file.staging.path, Fd.O_RDONLY, 0);
    } finally {
      ledger.lock.unlock();
    }
    try {
      boolean grew = last != null && length > last.length();
      boolean only = grew && ContentMd5.of(fd, last.length()).equals(last.md5());
      Look now = new Look(length, ContentMd5.of(fd, length), System.nanoTime());
      ledger.lock.lock();
      try {
        file.looked(now, only);
        ledger.wakeForWork();
      } finally {
        ledger.lock.unlock();
      }
    } finally {
      Fd.close(fd);
    }
  }

  /** How often it is to be asked whether a file's time has come. */
  static long everyMillis(WritebackOptions options) {
    return Math.max(10, Math.min(1000, options.policy().uploadEvery().toMillis() / 4));
  }
}
