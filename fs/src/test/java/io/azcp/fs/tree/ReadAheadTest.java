package io.azcp.fs.tree;

import io.azcp.cache.BlobVersion;
import io.azcp.fs.fuse.Opened;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading ahead of a reader that never waits. */
class ReadAheadTest {
  private static final int MIB = 1 << 20;
  private static final int STEP = 64 << 10;

  @TempDir Path folder;

  // semantics: open
  @Test
  void readsThatFindTheirBytesKeepTheWindowAheadOfThem() throws IOException {
    try (Rig rig = new Rig(folder)) {
      Volume volume = rig.volume("pre", false, Listings.MAX_NAMES);
      MountedTree fs = Rig.mount(volume);
      rig.put("pre/big", "0123456789abcdef".repeat(8 * MIB / 16));
      var p = rig.memory.head(Rig.BOX, "pre/big");
      var version = new BlobVersion(p.etag(), p.length(), p.lastModified(), p.contentMd5());
      Opened file = fs.open("big", 0);
      fs.read(file, 0, STEP);
      for (int at = STEP; at < 2 * MIB; at += STEP) {
        int end = at + STEP;
        // What this read wants is there before it is asked for.
        Awaitility.await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> volume.cache().presentBytes("big", version) > end);
        fs.read(file, at, STEP);
      }
      fs.close(file);
    }
  }
}
