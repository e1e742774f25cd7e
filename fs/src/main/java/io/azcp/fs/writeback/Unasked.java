package io.azcp.fs.writeback;

import io.azcp.base.posix.Stat;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.PosixMetadata;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * What was supposed of blobs that only the cache folder told of: the service is asked what they are
 * before anything is said of them there, or their permissions and others' metadata would be
 * replaced by what was supposed. The mark is metadata of the {@link Entry}, so that it is journaled
 * with it, and is never sent. Thread-safe.
 */
final class Unasked {
  /**
   * Never in the service. Its value is the mode that was supposed, then user and group if any, a
   * slash and the name the blob had then.
   */
  static final String MARK = "azcp_unasked";

  private final Ledger ledger;
  private final Remote remote;

  Unasked(Ledger ledger, Remote remote) {
    this.ledger = ledger;
    this.remote = remote;
  }

  /** The metadata of a blob of which these attributes are supposed. */
  static Map<String, String> mark(String blob, PosixAttributes supposed, boolean owner) {
    String who = owner ? " " + supposed.uid() + " " + supposed.gid() : "";
    return Map.of(MARK, supposed.mode() + who + "/" + blob);
  }

  /** Asks the service where that is still to be done; what was set here since stays. */
  void ask(Entry entry) throws IOException {
    String mark = mark(entry);
    if (mark == null) {
      return;
    }
    int slash = mark.indexOf('/');
    BlobProperties there = remote.head(mark.substring(slash + 1));
    ledger.lock.lock();
    try {
      if (!mark.equals(entry.metadata.get(MARK))) {
        return;
      }
      entry.metadata = there == null ? Map.of() : there.metadata();
      if (there != null) {
        entry.contentType = entry.contentType.isEmpty() ? there.contentType() : entry.contentType;
        entry.attributes = corrected(entry.attributes, mark.substring(0, slash), there);
      }
      ledger.touch(entry);
      ledger.commit();
    } finally {
      ledger.lock.unlock();
    }
  }

  private String mark(Entry entry) {
    ledger.lock.lock();
    try {
      return entry.metadata.get(MARK);
    } finally {
      ledger.lock.unlock();
    }
  }

  private static PosixAttributes corrected(
      PosixAttributes now, String supposed, BlobProperties there) {
    PosixMetadata kept = PosixMetadata.from(there);
    String[] parts = supposed.split(" ", -1);
    PosixAttributes a = now;
    if (now.mode() == Integer.parseInt(parts[0]) && kept.mode().isPresent()) {
      a = a.withMode(a.type() | (kept.mode().getAsInt() & ~Stat.TYPE_MASK));
    }
    if (parts.length == 3
        && now.uid() == Integer.parseInt(parts[1])
        && now.gid() == Integer.parseInt(parts[2])) {
      a = a.withOwner(kept.uid().orElse(a.uid()), kept.gid().orElse(a.gid()));
    }
    var extended = new HashMap<>(InodeMetadata.read(now, there.metadata(), false).extended());
    extended.putAll(a.extended());
    return a.withExtended(extended);
  }
}
