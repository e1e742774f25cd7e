package io.azcp.fs.mount;

import io.azcp.cache.Cache.EvictionListener;
import io.azcp.cache.Cache.Kept;
import io.azcp.fs.mount.control.ControlHandler.Progress;
import io.azcp.fs.mount.control.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What one request to evict has freed, and what stayed and why. Used by one thread. */
final class EvictionReport {
  /** So many of the files that stayed are named. */
  private static final int NAMED = 100;

  private static final long TELL_NANOS = 500_000_000L;

  private final boolean pinnedToo;
  private final Progress progress;
  private final List<Message> kept = new ArrayList<>();
  private long files;
  private long bytes;
  private long keptFiles;
  private long told = System.nanoTime();

  EvictionReport(boolean pinnedToo, Progress progress) {
    this.pinnedToo = pinnedToo;
    this.progress = progress;
  }

  boolean pinnedToo() {
    return pinnedToo;
  }

  /** Takes what happens to the files of one rule. */
  EvictionListener of(String root) {
    return new EvictionListener() {
      @Override
      public void freed(String name, long freed) throws IOException {
        files++;
        bytes += freed;
        if (System.nanoTime() - told > TELL_NANOS) {
          told = System.nanoTime();
          progress.tell(Message.empty().with("files", files).with("bytes", bytes));
        }
      }

      @Override
      public void kept(String name, Kept why) {
        keep(root + "/" + name, why == Kept.OPEN ? "open" : "pinned");
      }
    };
  }

  /** A file whose content is local only. */
  void notUploaded(String path) {
    keep(path, "not uploaded yet");
  }

  private void keep(String path, String why) {
    keptFiles++;
    if (kept.size() < NAMED) {
      kept.add(Message.empty().with("path", path).with("why", why));
    }
  }

  Message result() {
    return Message.empty()
        .with("files", files)
        .with("bytes", bytes)
        .with("keptFiles", keptFiles)
        .with("kept", kept);
  }
}
