package io.azcp.fs.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers that are used after a newer one, which knows the changes made meanwhile, has arrived. */
class LateAnswersTest {
  private static final int LISTED_NAMES = 4;

  @TempDir Path folder;
  private Rig rig;
  private MountedTree fs;

  @BeforeEach
  void mount() throws IOException {
    rig = new Rig(folder);
    fs = Rig.mount(rig.volume("", false, LISTED_NAMES));
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private void commitAndList(String directory) {
    rig.commit();
    rig.expire();
    fs.list(directory);
  }

  // semantics: readdir
  @Test
  void aDirectoryThatIsBeingReadShowsNoNameRemovedMeanwhile() throws IOException {
    for (int i = 0; i < 10; i++) {
      rig.put("d/f" + i, "x");
    }
    fs.list("d");
    long handle = fs.opendir("d");
    List<String> names = new ArrayList<>();
    long next = fs.readdir(handle, 0, 3, names);
    assertThat(names).containsExactly(".", "..", "f0");
    fs.unlink("d/f2");
    fs.writeFile("d/f3", "changed");
    commitAndList("d");
    while (next != 0) {
      next = fs.readdir(handle, next, 3, names);
    }
    fs.releasedir(handle);
    assertThat(names).contains("f1", "f3", "f9").doesNotContain("f2");
    assertThat(fs.stat("d/f3").size()).isEqualTo(7);
  }

  @Test
  void aDirectoryThatIsBeingRenamedLeavesOutWhatIsRemovedMeanwhile() throws IOException {
    rig.put("d/s/gone", "x");
    rig.put("d/s/stays", "x");
    assertThat(fs.list("d/s")).containsExactly("gone", "stays");
    rig.service.whileAnswering(
        single -> {
          if (single) {
            fs.unlink("d/s/gone");
            fs.writeFile("d/s/new", "n");
            commitAndList("d/s");
          }
        });
    fs.rename("d", "e", 0);
    assertThat(fs.list("e/s")).containsExactly("new", "stays");
    rig.commit();
    rig.expire();
    assertThat(fs.list("e/s")).containsExactly("new", "stays");
    assertThat(fs.readFile("e/s/new")).isEqualTo("n");
  }
}
