package io.azcp.fs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.cache.index.Index;
import io.azcp.cache.index.MemoryIndex;
import io.azcp.config.Consistency;
import io.azcp.fs.fuse.Attributes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a mount knows that takes over the index of the one before. */
class RestartTest {
  private static final int PAGE = 20;

  @TempDir Path folder;
  private final Index index = new MemoryIndex(64 << 20);

  private List<String> fill(Rig rig, String directory, int count) throws IOException {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String part = "f%04d".formatted(i);
      rig.put(directory + "/" + part, "text " + i, Map.of("permissions", "0640"));
      parts.add(part);
    }
    return parts;
  }

  @Test
  void listingsAndAttributesAreThereWithoutARequest() throws IOException {
    try (Rig rig = new Rig(folder)) {
      List<String> few = fill(rig, "few", 5);
      List<String> many = fill(rig, "many", 150);
      Volume before = rig.volume("", false, PAGE, index);
      MountedTree old = Rig.mount(before);
      assertThat(old.list("few")).isEqualTo(few);
      assertThat(old.list("many")).isEqualTo(many);
      Attributes one = old.stat("few/f0003");
      Attributes other = old.stat("many/f0123");

      rig.memory.close();
      Volume after = rig.again(before, false, PAGE, index);
      MountedTree now = Rig.mount(after);
      assertThat(now.list("few")).isEqualTo(few);
      assertThat(now.list("many")).isEqualTo(many);
      assertThat(now.list("many", 7, true)).isEqualTo(many);
      assertThat(now.exists("few/none")).isFalse();
      assertThat(now.exists("many/none")).isFalse();
      assertThat(now.stat("few/f0003"))
          .usingRecursiveComparison()
          .ignoringFields("ttlNanos")
          .isEqualTo(one);
      assertThat(now.stat("many/f0123"))
          .usingRecursiveComparison()
          .ignoringFields("ttlNanos")
          .isEqualTo(other);
      assertThat(after.offline()).as("nobody has asked the service").isFalse();
    }
  }

  @Test
  void theServiceIsAskedAgainInTime() throws IOException {
    try (Rig rig = new Rig(folder)) {
      fill(rig, "few", 5);
      fill(rig, "many", 50);
      Volume before = rig.volume("", false, PAGE, index);
      Rig.mount(before).list("few");
      Rig.mount(before).list("many");
      rig.put("few/new", "x");
      rig.put("many/new", "x");
      rig.memory.delete(Rig.BOX, "many/f0007", io.azcp.transfer.blob.Conditions.NONE);
      MountedTree now = Rig.mount(rig.again(before, false, PAGE, index));
      assertThat(now.list("few")).hasSize(5);
      assertThat(now.list("many")).hasSize(50);
      rig.expire();
      assertThat(now.list("few")).hasSize(6).contains("new");
      assertThat(now.list("many")).hasSize(50).contains("new").doesNotContain("f0007");
      assertThat(now.exists("many/f0007")).isFalse();
    }
  }

  @Test
  void whatIsOldServesWhileTheServiceIsAwayUnlessEveryOpenAsks() throws IOException {
    for (Consistency consistency : List.of(Consistency.TTL, Consistency.OPEN)) {
      try (Rig rig = new Rig(folder.resolve(consistency.name()), consistency)) {
        List<String> few = fill(rig, "few", 5);
        List<String> many = fill(rig, "many", 150);
        Index kept = new MemoryIndex(64 << 20);
        Volume before = rig.volume("", false, PAGE, kept);
        Rig.mount(before).list("few");
        Rig.mount(before).list("many");
        rig.memory.close();
        MountedTree now = Rig.mount(rig.again(before, false, PAGE, kept));
        assertThat(now.exists("few/f0001")).isTrue();
        assertThat(now.exists("many/f0001")).isTrue();
        rig.expire();
        if (consistency == Consistency.TTL) {
          assertThat(now.list("many")).isEqualTo(many);
          assertThat(now.list("few")).isEqualTo(few);
          assertThat(now.exists("many/f0077")).isTrue();
          assertThat(now.exists("many/g")).isFalse();
        } else {
          assertThatThrownBy(() -> now.list("few")).isInstanceOf(MountedTree.Failed.class);
          assertThatThrownBy(() -> now.list("many")).isInstanceOf(MountedTree.Failed.class);
        }
      }
    }
  }

  @Test
  void ownChangesAreNeitherUndoneNorLost() throws IOException {
    try (Rig rig = new Rig(folder)) {
      List<String> few = fill(rig, "few", 5);
      fill(rig, "many", 150);
      Volume before = rig.volume("", false, PAGE, index);
      MountedTree old = Rig.mount(before);
      old.list("few");
      old.list("many");
      old.unlink("few/f0001");
      old.writeFile("few/mine", "x");
      old.unlink("many/f0011");
      old.writeFile("many/mine", "x");
      assertThat(old.list("many")).hasSize(150).contains("mine").doesNotContain("f0011");
      rig.commit();
      assertThat(old.list("many")).hasSize(150).contains("mine").doesNotContain("f0011");

      // Its own folder: no overlay tells it what was changed.
      Volume after = rig.volume("", false, PAGE, index);
      MountedTree now = Rig.mount(after);
      assertThat(now.list("few")).hasSize(5).contains("mine").doesNotContain("f0001");
      assertThat(now.list("many")).hasSize(150).contains("mine").doesNotContain("f0011");
      assertThat(now.exists("many/f0011")).isFalse();
      assertThat(now.list("few")).doesNotContainSequence(few);
    }
  }

  @Test
  void aRefreshHoldsAfterIt() throws IOException {
    try (Rig rig = new Rig(folder)) {
      fill(rig, "few", 5);
      fill(rig, "many", 50);
      Volume before = rig.volume("", false, PAGE, index);
      Rig.mount(before).list("few");
      Rig.mount(before).list("many");
      rig.put("few/new", "x");
      rig.put("many/new", "x");
      before.refresh("few");
      before.refresh("many/f0001");
      MountedTree now = Rig.mount(rig.again(before, false, PAGE, index));
      assertThat(now.list("few")).contains("new");
      assertThat(now.list("many")).contains("new");
    }
  }
}
