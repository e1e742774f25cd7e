package io.azcp.fs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.fs.fuse.Attributes;
import io.azcp.fs.fuse.Opened;
import io.azcp.fs.fuse.SetAttributes;
import io.azcp.fs.tree.MountedTree.Failed;
import io.azcp.fs.writeback.LocalFile;
import io.azcp.fs.writeback.OverlayEntry;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.FaultyBlobService;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each request means, on one volume at the root, changes reaching the service when told. */
class TreeTest {
  private static final int RDONLY = 0;
  private static final int WRONLY = 1;
  private static final int RDWR = 2;

  @TempDir Path folder;
  private Rig rig;
  private Volume volume;
  private Tree tree;
  private MountedTree fs;

  @BeforeEach
  void mount() throws IOException {
    rig = new Rig(folder);
    volume = rig.volume("pre", false, Listings.MAX_NAMES);
    fs = Rig.mount(volume);
    tree = fs.tree;
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private void put(String name, String text) throws IOException {
    rig.put("pre/" + name, text);
  }

  private long remoteLength(String name) throws IOException {
    return rig.memory.head(Rig.BOX, "pre/" + name).length();
  }

  private static void fails(Errno errno, ThrowingCallable call) {
    assertThat(catchThrowableOfType(Failed.class, call)).extracting(f -> f.errno).isEqualTo(errno);
  }

  private long lists() {
    return rig.faulty.log(FaultyBlobService.Operation.LIST).size();
  }

  @Test
  void aFileThatIsOpenAndNotYetHereIsReplaced() throws IOException {
    put("x", "before");
    Opened held = fs.open("x", RDONLY);
    fs.writeFile("x", "after");
    assertThat(fs.readFile("x")).isEqualTo("after");
    assertThat(fs.text(held)).isEqualTo("before");
    fs.close(held);
  }

  @Test
  void aRefreshAsksTheServiceForOwnChangesToo() throws IOException {
    fs.mkdir("d");
    fs.writeFile("d/x", "mine");
    fs.writeFile("y", "mine");
    rig.commit();
    rig.memory.delete(Rig.BOX, "pre/d/x", Conditions.NONE);
    rig.memory.delete(Rig.BOX, "pre/y", Conditions.NONE);

    volume.refresh("d");

    fails(Errno.ENOENT, () -> fs.stat("d/x"));
    fails(Errno.ENOENT, () -> fs.stat("y"));
  }

  @Test
  void anOpenThatEmptiesAFileDoesNotMindAnotherVersion() throws IOException {
    put("x", "before");
    long node = fs.lookup("x").node();
    put("x", "by somebody else");
    rig.expire();
    fs.list("", 7, false);
    int flags = WRONLY | Fd.O_TRUNC;
    Opened file = MountedTree.await(r -> tree.open(MountedTree.CALLER, node, flags, r));
    fs.write(file, 0, "mine");
    fs.close(file);
    tree.forget(node, 1);
    assertThat(fs.readFile("x")).isEqualTo("mine");
    rig.commit();
    assertThat(remoteLength("x")).isEqualTo(4);
  }

  @Test
  void aLocalFileTellsItsLengthAlsoWhenItWasCommittedMeanwhile() throws IOException {
    fs.writeFile("x", "12345");
    LocalFile file = ((OverlayEntry.Local) volume.writeback().overlay("x").orElseThrow()).file();
    rig.commit();
    assertThat(file.opened(false)).isFalse();
    assertThat(file.size()).isEqualTo(5);
  }

  @Test
  void aRenameKeepsWhatWasCommittedAndNotListedSince() throws IOException {
    fs.symlink("link", "target");
    fs.writeFile("file", "text");
    fs.setattr("file", new SetAttributes(0705, null, null, null, null, null));
    rig.commit();
    fs.rename("link", "other", 0);
    fs.rename("file", "script", 0);
    rig.commit();
    rig.expire();
    MountedTree later = Rig.mount(rig.volume("pre", false, Listings.MAX_NAMES));
    assertThat(later.readlink("other")).isEqualTo("target");
    assertThat(later.stat("script").mode()).isEqualTo(0100705);
  }

  // semantics: listing
  @Test
  void looksNamesUpFromOneListing() throws IOException {
    put("a.txt", "hello");
    put("dir/b.txt", "below");
    put("ünï/çødé", "x");
    assertThat(fs.stat("a.txt").size()).isEqualTo(5);
    assertThat(fs.stat("a.txt").mode()).isEqualTo(0100644);
    assertThat(fs.stat("dir").mode()).isEqualTo(0040755);
    assertThat(fs.exists("nothing")).isFalse();
    assertThat(lists()).isEqualTo(1);
    assertThat(fs.list("")).containsExactly("a.txt", "dir", "ünï");
    assertThat(lists()).isEqualTo(1);
    assertThat(fs.list("ünï")).containsExactly("çødé");
    assertThat(fs.readFile("dir/b.txt")).isEqualTo("below");
  }

  // semantics: consistency
  @Test
  void showsRemoteChangesAfterTheTtlAndKeepsOldOpensOnTheirVersion() throws IOException {
    put("a", "one");
    Opened old = fs.open("a", RDONLY);
    assertThat(fs.text(old)).isEqualTo("one");
    put("a", "three");
    put("new", "");
    assertThat(fs.readFile("a")).isEqualTo("one");
    assertThat(fs.exists("new")).isFalse();
    rig.expire();
    assertThat(fs.readFile("a")).isEqualTo("three");
    assertThat(fs.stat("a").size()).isEqualTo(5);
    assertThat(fs.exists("new")).isTrue();
    assertThat(fs.text(old)).isEqualTo("one");
    fs.close(old);
    assertThat(tree.openFiles()).isZero();
  }

  @Test
  void givesAFreshNodeToAFileThatBecameWholeUnderCachedReaders() throws IOException {
    put("big", "x".repeat(200_000));
    Opened cold = fs.open("big", RDONLY);
    assertThat(cold.backing()).isEqualTo(-1);
    assertThat(fs.read(cold, 199_999, 10)).hasSize(1);
    long inode = fs.stat("big").inode();
    Opened warm = fs.open("big", RDONLY);
    assertThat(warm.backing()).isNotNegative();
    assertThat(fs.stat("big").inode()).isNotEqualTo(inode);
    fs.close(cold);
    fs.close(warm);
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> tree.nodes() == 1);
    assertThat(fs.stat("big").inode()).isEqualTo(inode);
  }

  @Test
  void servesSmallFilesThroughTheKernelsPages() throws IOException {
    put("small", "x");
    assertThat(fs.readFile("small")).isEqualTo("x");
    Opened warm = fs.open("small", RDONLY);
    assertThat(warm.backing()).isEqualTo(-1);
    assertThat(warm.keepCache()).isTrue();
    fs.close(warm);
  }

  @Test
  void createsWritesRenamesAndUploads() throws IOException {
    Opened file = fs.create("a.tmp", WRONLY);
    assertThat(file.backing()).isNotNegative();
    fs.write(file, 0, "hello");
    assertThat(fs.stat("a.tmp").size()).isEqualTo(5);
    assertThat(fs.stat("a.tmp").ttlNanos()).isZero();
    long inode = fs.stat("a.tmp").inode();
    fs.rename("a.tmp", "a", 0);
    assertThat(fs.stat("a").inode()).isEqualTo(inode);
    assertThat(fs.exists("a.tmp")).isFalse();
    fs.close(file);
    rig.commit();
    assertThat(fs.readFile("a")).isEqualTo("hello");
    assertThat(remoteLength("a")).isEqualTo(5);
    rig.expire();
    assertThat(fs.list("")).containsExactly("a");
    assertThat(fs.readFile("a")).isEqualTo("hello");
  }

  @Test
  void keepsTheNodeOfAnOpenFileThroughItsCommit() throws IOException {
    fs.writeFile("log", "1");
    Opened reader = fs.open("log", RDONLY);
    var node = fs.lookup("log");
    rig.commit();
    // A name is remembered until every request sent before the commit has ended.
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              rig.expire();
              fs.list("");
              return volume.writeback().overlay("log").isEmpty();
            });
    var after = fs.lookup("log");
    assertThat(after.node()).isEqualTo(node.node());
    tree.forget(node.node(), 2);
    assertThat(fs.text(reader)).isEqualTo("1");
    fs.close(reader);
    assertThat(tree.nodes()).isEqualTo(1);
  }

  @Test
  void changesAnExistingFileInPlace() throws IOException {
    put("a", "hello");
    Opened reader = fs.open("a", RDONLY);
    assertThat(fs.text(reader)).isEqualTo("hello");
    Opened writer = fs.open("a", RDWR);
    fs.write(writer, 0, "J");
    assertThat(fs.text(reader)).isEqualTo("Jello");
    assertThat(fs.stat("a").size()).isEqualTo(5);
    fs.close(writer);
    fs.close(reader);
    rig.commit();
    assertThat(fs.readFile("a")).isEqualTo("Jello");
    assertThat(remoteLength("a")).isEqualTo(5);
  }

  @Test
  void truncatesByOpenAndByName() throws IOException {
    put("a", "hello");
    fs.writeFile("a", "new");
    assertThat(fs.readFile("a")).isEqualTo("new");
    fs.setattr("a", new SetAttributes(null, null, null, 1L, null, null));
    assertThat(fs.readFile("a")).isEqualTo("n");
    put("b", "world");
    rig.expire();
    fs.setattr("b", new SetAttributes(null, null, null, 2L, null, null));
    assertThat(fs.readFile("b")).isEqualTo("wo");
    assertThat(tree.openFiles()).isZero();
    rig.commit();
    rig.expire();
    assertThat(fs.readFile("a")).isEqualTo("n");
    assertThat(fs.readFile("b")).isEqualTo("wo");
  }

  // semantics: unlink
  @Test
  void keepsAnUnlinkedFileReadable() throws IOException {
    put("a", "hello");
    Opened open = fs.open("a", RDONLY);
    fs.text(open);
    fs.unlink("a");
    assertThat(fs.exists("a")).isFalse();
    rig.commit();
    assertThat(fs.text(open)).isEqualTo("hello");
    fs.close(open);
    fails(Errno.ENOENT, () -> fs.unlink("a"));
    rig.expire();
    assertThat(fs.list("")).isEmpty();
  }

  @Test
  void fetchesForOpenReadersWhatIsAboutToBeRemovedOrReplaced() throws IOException {
    put("a", "a".repeat(3 << 20));
    put("b", "b".repeat(3 << 20));
    Opened a = fs.open("a", RDONLY);
    Opened b = fs.open("b", RDONLY);
    fs.unlink("a");
    fs.writeFile("new", "n");
    fs.rename("new", "b", 0);
    rig.commit();
    assertThat(fs.read(a, (3 << 20) - 1, 10)).containsExactly('a');
    assertThat(fs.read(b, (3 << 20) - 1, 10)).containsExactly('b');
    assertThat(fs.readFile("b")).isEqualTo("n");
    fs.close(a);
    fs.close(b);
  }

  @Test
  void showsWhatAnEarlierSessionLeftOnTheWay() throws IOException {
    put("d/s/old", "x");
    fs.writeFile("d/s/new", "n");
    rig.memory.delete(Rig.BOX, "pre/d/s/old", Conditions.NONE);
    MountedTree later = Rig.mount(rig.again(volume, false));
    assertThat(later.list("")).containsExactly("d");
    assertThat(later.list("d/s")).containsExactly("new");
    assertThat(later.readFile("d/s/new")).isEqualTo("n");
  }

  // semantics: empty-directory
  @Test
  void keepsDirectoriesThatLoseTheirLastName() throws IOException {
    put("dir/only", "x");
    fs.unlink("dir/only");
    assertThat(fs.list("")).containsExactly("dir");
    rig.commit();
    rig.expire();
    assertThat(fs.list("")).containsExactly("dir");
    assertThat(fs.list("dir")).isEmpty();
    fs.rmdir("dir");
    rig.commit();
    rig.expire();
    assertThat(fs.list("")).isEmpty();
  }

  @Test
  void keepsTheWayToADirectoryThatLostItsLastName() throws IOException {
    put("e/s/only", "x");
    FaultyBlobService.Gate marker = new FaultyBlobService.Gate();
    rig.faulty.next(FaultyBlobService.Operation.PUT, marker);
    fs.unlink("e/s/only");
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> !rig.holds("pre/e/s/only"));
    rig.expire();
    assertThat(fs.list("")).containsExactly("e");
    assertThat(fs.list("e")).containsExactly("s");
    marker.open();
    rig.commit();
  }

  @Test
  void showsADirectoryAlsoWhenItsParentWasListedBeforeItsMarkerWasWritten() throws IOException {
    put("e/s/only", "x");
    FaultyBlobService.Gate marker = new FaultyBlobService.Gate();
    rig.faulty.next(FaultyBlobService.Operation.PUT, marker);
    fs.unlink("e/s/only");
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> !rig.holds("pre/e/s/only"));
    rig.expire();
    assertThat(fs.list("")).containsExactly("e");
    marker.open();
    rig.commit();
    assertThat(fs.list("e")).containsExactly("s");
    assertThat(fs.exists("e/s")).isTrue();
    assertThat(fs.list("")).containsExactly("e");
  }

  // semantics: rename-directory
  @Test
  void aRenamedDirectoryDoesNotComeBackBeforeItsReplacedFilesAreDeleted() throws Exception {
    put("e/s/x", "old");
    fs.writeFile("e/s/x", "new");
    fs.rename("e", "y", 0);
    FaultyBlobService.Gate delete = new FaultyBlobService.Gate();
    rig.faulty.next(FaultyBlobService.Operation.DELETE, delete);
    Thread committing = new Thread(rig::commit);
    committing.start();
    delete.awaitArrival();
    rig.expire();
    assertThat(fs.list("")).containsExactly("y");
    delete.open();
    committing.join();
    rig.expire();
    assertThat(fs.list("")).containsExactly("y");
    assertThat(fs.readFile("y/s/x")).isEqualTo("new");
  }

  // semantics: rmdir
  @Test
  void refusesToRemoveDirectoriesThatAreNotEmpty() throws IOException {
    put("dir/x", "x");
    fails(Errno.ENOTEMPTY, () -> fs.rmdir("dir"));
    fails(Errno.EISDIR, () -> fs.unlink("dir"));
    fails(Errno.ENOTDIR, () -> fs.rmdir("dir/x"));
    fs.mkdir("dir/sub");
    fails(Errno.EEXIST, () -> fs.mkdir("dir/sub"));
    fs.rename("dir/x", "dir/sub/x", 0);
    fails(Errno.ENOTEMPTY, () -> fs.rmdir("dir"));
    fails(Errno.ENOTEMPTY, () -> fs.rmdir("dir/sub"));
    fs.unlink("dir/sub/x");
    fs.rmdir("dir/sub");
    fs.rmdir("dir");
    assertThat(fs.list("")).isEmpty();
  }

  // semantics: rename-directory
  @Test
  void renamesDirectories() throws IOException {
    put("d/a", "1");
    put("d/s/b", "2");
    put("d/s/gone", "2");
    fs.unlink("d/s/gone");
    fs.writeFile("d/s/c", "3");
    fs.mkdir("d/empty");
    fs.mkdir("target");
    fails(Errno.EINVAL, () -> fs.rename("d", "d/s/x", 0));
    fails(Errno.ENOTDIR, () -> fs.rename("target", "d/a", 0));
    fails(Errno.EISDIR, () -> fs.rename("d/a", "target", 0));
    fails(Errno.EEXIST, () -> fs.rename("d/a", "target", 1));
    fails(Errno.ENOTEMPTY, () -> fs.rename("target", "d", 0));
    fs.rename("d", "target", 0);
    for (int round = 0; round < 2; round++) {
      assertThat(fs.list("")).containsExactly("target");
      assertThat(fs.list("target")).containsExactly("a", "empty", "s");
      assertThat(fs.list("target/s")).containsExactly("b", "c");
      assertThat(fs.readFile("target/a")).isEqualTo("1");
      assertThat(fs.readFile("target/s/b")).isEqualTo("2");
      assertThat(fs.readFile("target/s/c")).isEqualTo("3");
      assertThat(fs.exists("d")).isFalse();
      rig.commit();
      rig.expire();
    }
  }

  @Test
  void showsDirectoriesThatOnlyPendingFilesMakeOnes() throws IOException {
    put("d/a", "1");
    fs.writeFile("d/b", "2");
    rig.memory.delete(Rig.BOX, "pre/d/a", Conditions.NONE);
    rig.expire();
    assertThat(fs.list("")).containsExactly("d");
    assertThat(fs.readFile("d/b")).isEqualTo("2");
  }

  // semantics: directory-wins
  @Test
  void letsDirectoriesWinOverBlobsOfTheirName() throws IOException {
    put("a", "hidden");
    put("a/b", "seen");
    rig.put("pre/m", "", Map.of("hdi_isfolder", "true"));
    put("m/x", "1");
    put("x//y", "no");
    put("z/" + "p".repeat(256), "no");
    assertThat(fs.list("")).containsExactly("a", "m", "x", "z");
    assertThat(fs.list("a")).containsExactly("b");
    assertThat(fs.list("m")).containsExactly("x");
    assertThat(fs.list("x")).isEmpty();
    assertThat(fs.list("z")).isEmpty();
  }

  // semantics: symlink
  @Test
  void readsAndMakesSymbolicLinks() throws IOException {
    rig.put("pre/l", "some/target", Map.of("is_symlink", "true"));
    assertThat(fs.stat("l").mode() & 0170000).isEqualTo(0120000);
    assertThat(fs.readlink("l")).isEqualTo("some/target");
    fs.symlink("mine", "../x");
    for (int round = 0; round < 2; round++) {
      assertThat(fs.readlink("mine")).isEqualTo("../x");
      assertThat(fs.stat("mine").size()).isEqualTo(4);
      rig.commit();
      rig.expire();
    }
  }

  @Test
  void changesModesAndTimes() throws IOException {
    put("a", "x");
    put("dir/b", "x");
    fs.setattr("a", new SetAttributes(0600, null, null, null, null, 5L));
    fs.setattr("dir", new SetAttributes(0700, null, null, null, null, null));
    Attributes a = fs.stat("a");
    assertThat(a.mode()).isEqualTo(0100600);
    assertThat(a.mtimeNanos()).isEqualTo(5);
    assertThat(fs.stat("dir").mode()).isEqualTo(0040700);
    fs.writeFile("new", "x");
    fs.setattr("new", new SetAttributes(0755, null, null, null, null, 7L));
    assertThat(fs.stat("new").mode()).isEqualTo(0100755);
    assertThat(fs.stat("new").mtimeNanos()).isEqualTo(7);
  }

  // semantics: xattr
  @Test
  void tellsHowAFileStands() throws IOException {
    put("a", "hello");
    assertThat(fs.xattr("a", "user.azcp.state")).isEqualTo("remote");
    fs.readFile("a");
    assertThat(fs.xattr("a", "user.azcp.state")).isEqualTo("whole");
    assertThat(fs.xattr("a", "user.azcp.cached")).isEqualTo("5");
    assertThat(fs.xattr("a", "user.azcp.etag")).isEqualTo(rig.memory.head(Rig.BOX, "pre/a").etag());
    fs.writeFile("b", "x");
    assertThat(fs.xattr("b", "user.azcp.state")).isEqualTo("dirty");
    fails(Errno.ENODATA, () -> fs.xattr("a", "user.other"));
    fails(Errno.ENODATA, () -> fs.xattr("a", "security.capability"));
  }

  // semantics: readdir
  @Test
  void streamsLargeDirectoriesAndAsksForTheirNamesOneByOne() throws IOException {
    int many = 6000;
    for (int i = 0; i < many; i++) {
      put("big/f" + i, "x");
    }
    put("big/f1/below", "y");
    put("big/f1!", "z");
    fs.writeFile("big/zz-new", "new");
    fs.unlink("big/f2");
    assertThat(fs.list("big", 500, true))
        .hasSize(many + 1)
        .doesNotHaveDuplicates()
        .contains("f0", "f1", "f1!", "f5999", "zz-new")
        .doesNotContain("f2");
    assertThat(fs.readFile("big/f77")).isEqualTo("x");
    assertThat(fs.readFile("big/zz-new")).isEqualTo("new");
    assertThat(fs.exists("big/f2")).isFalse();
    assertThat(fs.exists("big/none")).isFalse();
    fails(Errno.ENOTEMPTY, () -> fs.rmdir("big"));
    rig.commit();
    assertThat(fs.list("big", 500, false)).hasSize(many + 1).contains("zz-new");
    assertThat(fs.readFile("big/zz-new")).isEqualTo("new");
  }

  // semantics: outage
  @Test
  void servesWhatItKnowsWhileTheServiceIsAway() throws IOException {
    put("d/a", "hello");
    put("d/b", "not here");
    assertThat(fs.readFile("d/a")).isEqualTo("hello");
    rig.memory.close();
    rig.expire();
    assertThat(fs.readFile("d/a")).isEqualTo("hello");
    assertThat(fs.list("d")).containsExactly("a", "b");
    MountedTree offline = Rig.mount(rig.again(volume, false));
    assertThat(offline.list("d")).containsExactly("a");
    assertThat(offline.readFile("d/a")).isEqualTo("hello");
    assertThat(offline.exists("d/b")).isFalse();
  }

  // semantics: read-only
  @Test
  void refusesChangesToAReadOnlyRule() throws IOException {
    put("a", "x");
    MountedTree ro = Rig.mount(rig.again(volume, true));
    assertThat(ro.readFile("a")).isEqualTo("x");
    fails(Errno.EROFS, () -> ro.writeFile("b", "x"));
    fails(Errno.EROFS, () -> ro.open("a", RDWR));
    fails(Errno.EROFS, () -> ro.unlink("a"));
    fails(Errno.EROFS, () -> ro.mkdir("d"));
    fails(Errno.EROFS, () -> ro.rename("a", "b", 0));
  }

  // semantics: names
  @Test
  void refusesNamesThatTheServiceCannotHold() {
    fails(Errno.ENAMETOOLONG, () -> fs.writeFile("x".repeat(256), ""));
    fails(Errno.EILSEQ, () -> fs.writeFile("a\u0001b", ""));
    fails(Errno.EINVAL, () -> fs.mkdir("back\\slash"));
    fails(
        Errno.EILSEQ,
        () ->
            MountedTree.<io.azcp.fs.fuse.Entry>await(
                r -> tree.mkdir(MountedTree.CALLER, 1, new byte[] {(byte) 0xff}, 0755, r)));
    assertThat(
            MountedTree.<io.azcp.fs.fuse.Entry>await(
                    r -> tree.lookup(MountedTree.CALLER, 1, new byte[] {(byte) 0xff}, r))
                .node())
        .isZero();
  }

  @Test
  void showsSeveralVolumesBelowSyntheticDirectories() throws IOException {
    put("x", "in pre");
    rig.put("pre/in/y", "deep");
    Volume inner = rig.volume("pre/in", false, Listings.MAX_NAMES);
    Map<String, Volume> rules = new LinkedHashMap<>();
    rules.put("a/b/inner", inner);
    rules.put("a/b", volume);
    rules.put("a/b/hidden", inner);
    MountedTree all = new MountedTree(new Tree(rules, Rig.OWNERSHIP));
    assertThat(all.list("")).containsExactly("a");
    assertThat(all.list("a")).containsExactly("b");
    assertThat(all.list("a/b")).containsExactly("in", "inner", "x");
    assertThat(all.list("a/b/inner")).containsExactly("y");
    assertThat(all.readFile("a/b/inner/y")).isEqualTo("deep");
    assertThat(all.readFile("a/b/x")).isEqualTo("in pre");
    fails(Errno.EROFS, () -> all.writeFile("a/new", ""));
    fails(Errno.EEXIST, () -> all.mkdir("a/b"));
    fails(Errno.EBUSY, () -> all.rmdir("a/b"));
    fails(Errno.EBUSY, () -> all.rename("a/b/inner", "a/b/z", 0));
    fails(Errno.EXDEV, () -> all.rename("a/b/x", "a/b/inner/x", 0));
    all.writeFile("a/b/inner/new", "n");
    assertThat(all.list("a/b/inner")).containsExactly("new", "y");
  }
}
