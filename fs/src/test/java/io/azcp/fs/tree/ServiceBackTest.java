package io.azcp.fs.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.fs.fuse.Opened;
import io.azcp.fs.fuse.SetAttributes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mount that began while its service was away, and its service is back. */
class ServiceBackTest {
  private static final int FILE_OF_OWNER = 0100600;
  private static final int O_WRONLY = 1;

  @TempDir Path folder;
  private Volume volume;
  private MountedTree fs;

  private void begin(Rig rig) throws IOException {
    rig.put(
        "d/a", "hello", Map.of("permissions", Integer.toString(FILE_OF_OWNER), "color", "blue"));
    Volume before = rig.volume("", false, Listings.MAX_NAMES);
    MountedTree old = Rig.mount(before);
    assertThat(old.readFile("d/a")).isEqualTo("hello");
    volume = rig.again(before, false);
    volume.away(new AzcpException(Errno.EHOSTDOWN, "the service is away"));
    fs = Rig.mount(volume);
    assertThat(fs.stat("d/a").mode()).as("as the cache folder tells it").isEqualTo(0100644);
  }

  // semantics: outage
  @Test
  void aRefreshAsksItAtOnce() throws IOException {
    try (Rig rig = new Rig(folder)) {
      begin(rig);
      volume.refresh("");
      assertThat(fs.stat("d/a").mode()).isEqualTo(FILE_OF_OWNER);
      assertThat(volume.offline()).isFalse();
    }
  }

  // semantics: outage
  @Test
  void whatItDoesTellsThatItIsBack() throws IOException {
    try (Rig rig = new Rig(folder)) {
      begin(rig);
      fs.writeFile("new", "content");
      rig.commit();
      assertThat(volume.offline()).isFalse();
      assertThat(fs.stat("d/a").mode()).isEqualTo(FILE_OF_OWNER);
    }
  }

  // semantics: mode, outage
  @Test
  void aChangeMadeMeanwhileTakesNothingFromTheBlobThatWasNotKnown() throws IOException {
    try (Rig rig = new Rig(folder)) {
      begin(rig);
      Opened file = fs.open("d/a", O_WRONLY);
      fs.write(file, 5, " world");
      fs.close(file);
      fs.rename("d/a", "d/b", 0);
      rig.commit();
      assertThat(rig.metadata("d/b"))
          .containsEntry("permissions", Integer.toString(FILE_OF_OWNER))
          .containsEntry("color", "blue")
          .doesNotContainKey("azcp_unasked");
      assertThat(fs.readFile("d/b")).isEqualTo("hello world");
      assertThat(fs.stat("d/b").mode()).isEqualTo(FILE_OF_OWNER);
    }
  }

  // semantics: mode, outage
  @Test
  void aRenameMadeMeanwhileKeepsWhatWasNotKnown() throws IOException {
    try (Rig rig = new Rig(folder)) {
      begin(rig);
      fs.rename("d/a", "d/b", 0);
      rig.commit();
      assertThat(rig.metadata("d/b"))
          .containsEntry("permissions", Integer.toString(FILE_OF_OWNER))
          .containsEntry("color", "blue")
          .doesNotContainKey("azcp_unasked");
    }
  }

  // semantics: mode, outage
  @Test
  void permissionsSetMeanwhileStay() throws IOException {
    try (Rig rig = new Rig(folder)) {
      begin(rig);
      fs.setattr("d/a", new SetAttributes(0640, null, null, null, null, null));
      rig.commit();
      assertThat(rig.metadata("d/a"))
          .containsEntry("permissions", Integer.toString(0100640))
          .containsEntry("color", "blue");
    }
  }
}
