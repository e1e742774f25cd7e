package io.azcp.fs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.azcp.base.Errno;
import io.azcp.config.Consistency;
import io.azcp.fs.fuse.Entry;
import io.azcp.fs.fuse.Opened;
import io.azcp.fs.tree.MountedTree.Failed;
import io.azcp.transfer.blob.FaultyBlobService.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which version an open sees that begins after somebody else replaced the blob. */
class ConsistencyTest {
  private static final int SMALL_LISTING = 4;

  @TempDir Path folder;
  private Rig rig;
  private Volume volume;
  private MountedTree fs;

  private void mount(Consistency consistency, int listedNames) throws IOException {
    rig = new Rig(folder, consistency);
    volume = rig.volume("", false, listedNames);
    fs = Rig.mount(volume);
  }

  private void mount(Consistency consistency) throws IOException {
    mount(consistency, Listings.MAX_NAMES);
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private long requests() {
    return rig.faulty.log().size();
  }

  private long requests(Operation operation) {
    return rig.faulty.log(operation).size();
  }

  // semantics: consistency
  @Test
  void openAsksAtEachOpen() throws IOException {
    mount(Consistency.OPEN);
    rig.put("d/a", "one");
    assertThat(fs.readFile("d/a")).isEqualTo("one");
    Opened old = fs.open("d/a", 0);
    rig.put("d/a", "second");
    rig.faulty.clearLog();
    assertThat(fs.readFile("d/a")).isEqualTo("second");
    assertThat(requests(Operation.HEAD)).as("the retried open asks no second time").isEqualTo(1);
    assertThat(requests(Operation.LIST)).isZero();
    assertThat(fs.stat("d/a").size()).isEqualTo(6);
    assertThat(fs.text(old)).isEqualTo("one");
    fs.close(old);
    rig.faulty.clearLog();
    assertThat(fs.readFile("d/a")).isEqualTo("second");
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void openNoticesThatAFileIsGone() throws IOException {
    mount(Consistency.OPEN);
    rig.put("a", "one");
    assertThat(fs.readFile("a")).isEqualTo("one");
    rig.memory.delete(Rig.BOX, "a", io.azcp.transfer.blob.Conditions.NONE);
    assertThat(catchThrowableOfType(Failed.class, () -> fs.readFile("a")).errno)
        .isEqualTo(Errno.ENOENT);
    rig.put("a", "again");
    rig.later(3);
    assertThat(fs.readFile("a")).isEqualTo("again");
  }

  @Test
  void openSeesWhatOthersMadeOfAFileCommittedHere() throws IOException {
    mount(Consistency.OPEN);
    fs.writeFile("a", "mine");
    rig.commit();
    rig.put("a", "theirs");
    assertThat(fs.readFile("a")).isEqualTo("theirs");
  }

  @Test
  void openAsksForNothingThatIsPendingHere() throws IOException {
    mount(Consistency.OPEN);
    fs.writeFile("a", "mine");
    rig.faulty.clearLog();
    assertThat(fs.readFile("a")).isEqualTo("mine");
    assertThat(requests()).isZero();
  }

  @Test
  void openFailsWhileTheServiceIsAway() throws IOException {
    mount(Consistency.OPEN);
    rig.put("a", "one");
    assertThat(fs.readFile("a")).isEqualTo("one");
    rig.memory.close();
    assertThatThrownBy(() -> fs.readFile("a")).isInstanceOf(Failed.class);
    rig.expire();
    assertThatThrownBy(() -> fs.stat("a")).isInstanceOf(Failed.class);
    MountedTree later = Rig.mount(rig.again(volume, false));
    assertThatThrownBy(() -> later.readFile("a")).isInstanceOf(Failed.class);
  }

  // semantics: consistency
  @Test
  void cachedBelievesWhatIsWholeWithoutAnyRequest() throws IOException {
    mount(Consistency.CACHED);
    rig.put("d/e/a", "one");
    assertThat(fs.readFile("d/e/a")).isEqualTo("one");
    rig.put("d/e/a", "second");
    rig.faulty.clearLog();
    rig.expire();
    assertThat(fs.readFile("d/e/a")).isEqualTo("one");
    MountedTree later = Rig.mount(rig.again(volume, false));
    assertThat(later.readFile("d/e/a")).isEqualTo("one");
    assertThat(later.stat("d/e/a").size()).isEqualTo(3);
    assertThat(requests()).isZero();
    rig.memory.close();
    rig.expire();
    assertThat(Rig.mount(rig.again(volume, false)).readFile("d/e/a")).isEqualTo("one");
    assertThat(requests()).isZero();
  }

  @Test
  void cachedAsksForWhatIsNotWhole() throws IOException {
    mount(Consistency.CACHED);
    rig.put("d/a", "one");
    rig.put("d/b", "one");
    assertThat(fs.readFile("d/a")).isEqualTo("one");
    rig.put("d/b", "second");
    rig.put("d/c", "third");
    rig.expire();
    assertThat(fs.readFile("d/b")).isEqualTo("second");
    assertThat(fs.list("d")).containsExactly("a", "b", "c");
    assertThat(fs.exists("d/none")).isFalse();
  }

  @Test
  void cachedForgetsWhatIsRemovedHere() throws IOException {
    mount(Consistency.CACHED);
    rig.put("d/a", "one");
    rig.put("d/b", "one");
    assertThat(fs.readFile("d/a")).isEqualTo("one");
    Opened reader = fs.open("d/a", 0);
    fs.unlink("d/a");
    rig.commit();
    rig.expire();
    assertThat(fs.list("d")).containsExactly("b");
    assertThat(fs.exists("d/a")).isFalse();
    assertThat(fs.text(reader)).isEqualTo("one");
    fs.close(reader);
    assertThat(Rig.mount(rig.again(volume, false)).exists("d/a")).isFalse();
  }

  @Test
  void aReplacedBlobThatIsNotHereIsRefusedToOldReadersAndFoundByNewOnes() throws IOException {
    mount(Consistency.TTL);
    rig.put("a", "x".repeat(10_000_000));
    Opened old = fs.open("a", 0);
    byte[] first = fs.read(old, 0, 100);
    rig.put("a", "second");
    assertThat(catchThrowableOfType(Failed.class, () -> fs.read(old, 9_999_000, 100)).errno)
        .isEqualTo(Errno.ESTALE);
    assertThat(fs.read(old, 0, 100)).as("what is here reads on").isEqualTo(first);
    assertThat(fs.readFile("a")).as("without waiting for the TTL").isEqualTo("second");
    fs.close(old);
  }

  @Test
  void anAbsentNameIsAskedForAgainBeforeTheTtl() throws IOException {
    for (int names : new int[] {Listings.MAX_NAMES, SMALL_LISTING}) {
      mount(Consistency.TTL, names);
      for (int i = 0; i < 10; i++) {
        rig.put("d/f" + i, "x");
      }
      assertThat(fs.exists("d/new")).isFalse();
      rig.put("d/new", "x");
      rig.faulty.clearLog();
      assertThat(fs.exists("d/new")).isFalse();
      assertThat(requests()).isZero();
      rig.later(3);
      assertThat(fs.exists("d/new")).isTrue();
      assertThat(requests()).isEqualTo(1);
      rig.close();
    }
  }

  @Test
  void whatWasCommittedHereIsAskedForAgainInTime() throws IOException {
    mount(Consistency.TTL);
    rig.put("d/other", "x");
    fs.writeFile("d/a", "mine");
    rig.commit();
    rig.put("d/a", "theirs");
    assertThat(fs.readFile("d/a")).isEqualTo("mine");
    rig.expire();
    assertThat(fs.readFile("d/a")).isEqualTo("theirs");
  }

  // semantics: inode
  @Test
  void inodeNumbersAreTheSameAfterARemount() throws IOException {
    mount(Consistency.TTL);
    rig.put("d/a", "one");
    fs.writeFile("d/b", "mine");
    rig.commit();
    MountedTree later = Rig.mount(rig.volume("", false, SMALL_LISTING));
    for (String path : new String[] {"d", "d/a", "d/b"}) {
      assertThat(later.stat(path).inode()).isEqualTo(fs.stat(path).inode());
    }
  }

  @Test
  void theNamesOfALargeDirectoryThatWasReadCostNoRequestEach() throws IOException {
    mount(Consistency.TTL, SMALL_LISTING);
    for (int i = 0; i < 50; i++) {
      rig.put("d/f" + i, "x".repeat(i), Map.of("azcp_test", "v" + i));
      rig.put("d/sub" + i + "/x", "x");
    }
    assertThat(fs.list("d", 7, false)).hasSize(100);
    rig.faulty.clearLog();
    for (int i = 0; i < 50; i++) {
      assertThat(fs.stat("d/f" + i).size()).isEqualTo(i);
      assertThat(fs.stat("d/sub" + i).mode()).isEqualTo(0040755);
    }
    assertThat(requests()).isZero();
    rig.put("d/f3", "other");
    volume.refresh("d/f3");
    assertThat(fs.stat("d/f3").size()).isEqualTo(5);
    rig.expire();
    assertThat(fs.list("d", 7, false)).hasSize(100);
    fs.writeFile("d/f4", "mine, longer than before");
    rig.faulty.clearLog();
    assertThat(fs.stat("d/f3").size()).isEqualTo(5);
    assertThat(fs.stat("d/f4").size()).isEqualTo(24);
    assertThat(requests()).isZero();
  }

  @Test
  void anExpiredNameOfALargeDirectoryCostsOneHead() throws IOException {
    mount(Consistency.TTL, SMALL_LISTING);
    for (int i = 0; i < 10; i++) {
      rig.put("d/f" + i, "x");
    }
    assertThat(fs.readFile("d/f3")).isEqualTo("x");
    rig.put("d/f3", "yy");
    rig.expire();
    rig.faulty.clearLog();
    Entry entry = fs.lookup("d/f3");
    fs.tree.forget(entry.node(), 1);
    assertThat(entry.attributes().size()).isEqualTo(2);
    assertThat(requests(Operation.HEAD)).isEqualTo(1);
  }
}
