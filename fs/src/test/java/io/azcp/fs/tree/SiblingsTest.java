package io.azcp.fs.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.cache.BlobVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading ahead across the small files of a directory. */
class SiblingsTest {
  private static final int FILES = 40;

  @TempDir Path folder;
  private Rig rig;
  private Volume volume;
  private MountedTree fs;

  @BeforeEach
  void mount() throws IOException {
    rig = new Rig(folder);
    volume = rig.volume("pre", false, Listings.MAX_NAMES);
    fs = Rig.mount(volume);
    for (int i = 0; i < FILES; i++) {
      rig.put("pre/d/" + i, "content " + i);
    }
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private long whole() throws IOException {
    long whole = 0;
    for (int i = 0; i < FILES; i++) {
      var p = rig.memory.head(Rig.BOX, "pre/d/" + i);
      var version = new BlobVersion(p.etag(), p.length(), p.lastModified(), p.contentMd5());
      whole += volume.cache().isWhole("d/" + i, version) ? 1 : 0;
    }
    return whole;
  }

  @Test
  void whoReadsManyFilesOfADirectoryFindsTheOthersHere() throws IOException {
    for (int i = 0; i < SiblingPlan.PATIENCE; i++) {
      assertThat(fs.readFile("d/" + i)).isEqualTo("content " + i);
    }
    assertThat(whole()).as("nothing but what was read").isEqualTo(SiblingPlan.PATIENCE);
    for (int i = FILES; --i >= FILES - 8; ) {
      assertThat(fs.readFile("d/" + i)).isEqualTo("content " + i);
    }
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> whole() == FILES);
  }
}
