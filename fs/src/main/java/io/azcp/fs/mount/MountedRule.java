package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.cache.Cache.Usage;
import io.azcp.fs.mount.control.LiveMount.LiveRule;
import io.azcp.fs.mount.control.Message;
import io.azcp.fs.tree.Volume;
import io.azcp.fs.writeback.OverlayEntry;
import io.azcp.fs.writeback.Writeback;
import io.azcp.fs.writeback.Writeback.Pending;
import io.azcp.prefetch.PrepareListener;
import io.azcp.prefetch.PrepareNames;
import io.azcp.prefetch.PrepareOptions;
import io.azcp.prefetch.PrepareResult;
import java.io.IOException;
import java.util.Locale;

/**
 * A rule at work in a mount. Thread-safe.
 *
 * @param root where it is seen, absolute
 */
record MountedRule(
    String root,
    RuleStore store,
    Writeback writeback,
    Volume volume,
    RateWindow fetched,
    RateWindow uploaded) {

  LiveRule live() {
    return new LiveRule(root, store.rule().cache(), store.remote());
  }

  /** Feeds the rates. */
  void sample(long nanos) {
    fetched.sample(nanos, store.fetchedBytes());
    uploaded.sample(nanos, writeback.pending().uploadedBytes());
  }

  /** Opens the index that an earlier mount left, in the background. */
  void openIndex() {
    store.index().open(volume::taking);
  }

  Message status() {
    Usage usage = store.cache().usage();
    Pending pending = writeback.pending();
    return Message.empty()
        .with("local", store.rule().local())
        .with("root", root)
        .with("remote", store.remote())
        .with("cache", store.rule().cache())
        .with("offline", volume.offline())
        .with("index", store.index().state().name().toLowerCase(Locale.ROOT))
        .with("cachedFiles", usage.wholeFiles())
        .with("cachedBytes", usage.wholeBytes())
        .with("partialFiles", usage.partialFiles())
        .with("partialBytes", usage.partialBytes())
        .with("limitBytes", usage.limitBytes() == Long.MAX_VALUE ? null : usage.limitBytes())
        .with("pendingFiles", pending.files())
        .with("pendingBytes", pending.bytes())
        .with("operations", pending.operations())
        .with("failed", pending.failed())
        .with("leased", pending.leased())
        .with("conflicts", Conflicts.messages(pending.conflicts()))
        .with("lastError", pending.lastError())
        .with("hiddenNames", volume.hiddenNames())
        .with("fetchedBytes", store.fetchedBytes())
        .with("uploadedBytes", pending.uploadedBytes())
        .with("fetchRate", fetched.perSecond())
        .with("uploadRate", uploaded.perSecond());
  }

  PrepareResult prepare(PrepareNames names, PrepareOptions options, PrepareListener listener)
      throws IOException {
    return store.prepare(names, options, this::changedHere, listener);
  }

  /** Drops what is cached of a name and below it, and tells what is not uploaded yet. */
  void evict(String name, EvictionReport report) throws IOException {
    if (changedHere(name)) {
      report.notUploaded(root + "/" + name);
    }
    for (String directory : writeback.overlayDirectories()) {
      if (name.isEmpty() || directory.equals(name) || directory.startsWith(name + "/")) {
        notUploadedIn(directory, report);
      }
    }
    store.evict(name, report.pinnedToo(), report.of(root));
  }

  private void notUploadedIn(String directory, EvictionReport report) {
    String below = root + "/" + (directory.isEmpty() ? "" : directory + "/");
    writeback
        .overlayChildren(directory)
        .forEach(
            (leaf, entry) -> {
              if (entry instanceof OverlayEntry.Local) {
                report.notUploaded(below + leaf);
              }
            });
  }

  /** Whether the truth of a name is a staging file. */
  private boolean changedHere(String name) {
    return writeback.overlay(name).filter(e -> e instanceof OverlayEntry.Local).isPresent();
  }

  /** Whether nothing at all is pending. */
  boolean idle() {
    Pending pending = writeback.pending();
    return pending.files() == 0 && pending.operations() == 0 && pending.failed() == 0;
  }

  void away(AzcpException why) {
    volume.away(why);
  }

  void close() {
    writeback.close();
    store.close();
  }
}
