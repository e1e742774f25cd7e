package io.azcp.fs.tree;

import io.azcp.base.AzcpException;
import io.azcp.cache.CachedFile;
import io.azcp.fs.fuse.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The readers of a file that is about to be removed or replaced: what they have not read yet is
 * fetched before its blob goes, so that they can read on until they close it. The kernel holds a
 * directory's lock meanwhile, so a fetch that takes longer than {@link #PATIENCE_NANOS} is not
 * waited for. Thread-safe.
 */
final class OpenReaders {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Locator locator;
  private final Handles<OpenFile> handles;

  OpenReaders(Locator locator, Handles<OpenFile> handles) {
    this.locator = locator;
    this.handles = handles;
  }

  /** Goes on when the open readers of the file at a name have all of it, or time is up. */
  void provide(Slot slot, Reply<?> request, Replies.Action next) {
    List<OpenFile> partial = partial(locator.nodes().at(slot.parent(), slot.part()));
    if (partial.isEmpty()) {
      Replies.guard(request, next);
      return;
    }
    CompletableFuture<?>[] fetches =
        partial.stream().map(OpenReaders::fetch).toArray(CompletableFuture<?>[]::new);
    // Failures are answered inside: there is nothing left to be told by the future.
    var unused =
        CompletableFuture.allOf(fetches)
            .completeOnTimeout(null, PATIENCE_NANOS, TimeUnit.NANOSECONDS)
            .thenRun(() -> Replies.guard(request, next));
  }

  /** The opens of a node, held, that lack bytes. */
  private List<OpenFile> partial(Node node) {
    List<OpenFile> partial = new ArrayList<>();
    if (node == null || !node.isOpen()) {
      return partial;
    }
    for (OpenFile file : handles.all()) {
      if (file.node() == node && file.cached() != null && file.enter()) {
        if (file.cached().whole()) {
          file.leave();
        } else {
          partial.add(file);
        }
      }
    }
    return partial;
  }

  private static CompletableFuture<Void> fetch(OpenFile file) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    CachedFile.FaultListener told =
        new CachedFile.FaultListener() {
          @Override
          public void ready() {
            file.leave();
            done.complete(null);
          }

          @Override
          public void failed(AzcpException reason) {
            file.leave();
            done.complete(null);
          }
        };
    file.cached().ensure(0, file.cached().version().length(), true, told);
    return done;
  }
}
