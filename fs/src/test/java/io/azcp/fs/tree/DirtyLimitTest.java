package io.azcp.fs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.azcp.base.Errno;
import io.azcp.config.WritePolicy;
import io.azcp.fs.fuse.Opened;
import io.azcp.fs.tree.MountedTree.Failed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirtyLimitTest {
  @TempDir Path folder;

  // semantics: max-dirty
  @Test
  void aCreationWaitsForUploads() throws Exception {
    Rig rig = new Rig(folder);
    try {
      rig.policy = WritePolicy.DEFAULT.withMaxDirty(10);
      MountedTree fs = Rig.mount(rig.volume("pre", false, Listings.MAX_NAMES));
      Opened open = fs.create("open", 01 | 0100);
      fs.writeFile("a", "more than ten bytes");
      fs.write(open, 0, "is written on");
      var created = CompletableFuture.runAsync(() -> fs.writeFile("b", "b"));
      fs.close(open);
      rig.commit();
      created.get(1, TimeUnit.MINUTES);
      assertThat(fs.readFile("b")).isEqualTo("b");
      fs.writeFile("a", "again more than ten");
      var rewritten = CompletableFuture.runAsync(() -> fs.writeFile("b", "bb"));
      rig.commit();
      rewritten.get(1, TimeUnit.MINUTES);
      assertThat(fs.readFile("b")).isEqualTo("bb");
    } finally {
      rig.close();
    }
  }

  // semantics: max-dirty
  @Test
  void withoutRoomForTooLongItFails() throws IOException {
    var pending = new AtomicLong(11);
    var hurried = new AtomicLong();
    var limit =
        new DirtyLimit(
            p -> 10, pending::get, hurried::incrementAndGet, Runnable::run, Duration.ofMillis(60));
    Failed refused =
        catchThrowableOfType(
            Failed.class, () -> MountedTree.<Void>await(r -> limit.admit(r, () -> r.ok(null))));
    assertThat(refused.errno).isEqualTo(Errno.ENOSPC);
    assertThat(hurried.get()).as("uploads were told to hurry").isPositive();
    pending.set(10);
    var later =
        new DirtyLimit(
            p -> 10, pending::get, hurried::incrementAndGet, Runnable::run, Duration.ofMillis(60));
    assertThat(MountedTree.<Void>await(r -> later.admit(r, () -> r.ok(null)))).isNull();
  }
}
