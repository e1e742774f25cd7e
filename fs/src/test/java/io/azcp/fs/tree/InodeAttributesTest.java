package io.azcp.fs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Stat;
import io.azcp.fs.fuse.Attributes;
import io.azcp.fs.fuse.Entry;
import io.azcp.fs.fuse.Opened;
import io.azcp.fs.fuse.SetAttributes;
import io.azcp.fs.tree.MountedTree.Failed;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.FaultyBlobService;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What files and directories carry besides their content, here and for a later mount. */
class InodeAttributesTest {
  private static final int CREATE = 1;
  private static final int REPLACE = 2;

  @TempDir Path folder;
  private Rig rig;
  private MountedTree fs;

  @BeforeEach
  void mount() throws IOException {
    rig = new Rig(folder);
    fs = another();
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  /** A mount with an empty cache that knows only what the service has. */
  private MountedTree another() throws IOException {
    return Rig.mount(rig.volume("pre", false, Listings.MAX_NAMES));
  }

  private static void fails(Errno errno, ThrowingCallable call) {
    assertThat(catchThrowableOfType(Failed.class, call)).extracting(f -> f.errno).isEqualTo(errno);
  }

  private static SetAttributes times(Long atime, Long mtime) {
    return new SetAttributes(null, null, null, null, atime, mtime);
  }

  private int writes() {
    return rig.faulty.log(FaultyBlobService.Operation.PUT).size()
        + rig.faulty.log(FaultyBlobService.Operation.PUT_BLOCK).size();
  }

  // semantics: times, unlink
  @Test
  void whatIsRemovedWhileItIsOpenTellsWhenItWasWritten() throws IOException {
    fs.writeFile("file", "text");
    fs.setattr("file", times(1_000_000_001L, 2_000_000_002L));
    rig.commit();
    Entry entry = fs.lookup("file");
    Opened open = fs.open("file", Fd.O_RDWR);
    fs.write(open, 0, "more text");
    fs.unlink("file");
    Attributes now = held(entry, open);
    assertThat(now.mtimeNanos()).as("written before").isGreaterThan(2_000_000_002L);
    set(entry, open, times(null, 3_000_000_003L));
    assertThat(held(entry, open).mtimeNanos()).isEqualTo(3_000_000_003L);
    fs.write(open, 9, "!");
    now = held(entry, open);
    assertThat(now.mtimeNanos()).as("written since").isGreaterThan(3_000_000_003L);
    assertThat(now.size()).isEqualTo(10);
    set(entry, open, new SetAttributes(null, null, null, 3L, null, null));
    assertThat(held(entry, open).size()).isEqualTo(3);
    assertThat(fs.text(open)).isEqualTo("mor");
    fs.close(open);
    fs.tree.forget(entry.node(), 1);
  }

  private Attributes held(Entry entry, Opened open) {
    return MountedTree.await(r -> fs.tree.getattr(entry.node(), open.handle(), r));
  }

  private void set(Entry entry, Opened open, SetAttributes change) {
    MountedTree.<Attributes>await(
        r -> fs.tree.setattr(MountedTree.CALLER, entry.node(), open.handle(), change, r));
  }

  // semantics: mode, attributes, times
  @Test
  void timesAndModesOutliveTheCacheAlsoOfDirectories() throws IOException {
    fs.mkdir("dir");
    fs.writeFile("dir/file", "text");
    rig.commit();
    int before = writes();
    for (String name : new String[] {"dir", "dir/file"}) {
      fs.setattr(name, new SetAttributes(0751, null, null, null, null, null));
      fs.setattr(name, times(1_000_000_001L, 2_000_000_002L));
    }
    Attributes file = fs.stat("dir/file");
    Attributes dir = fs.stat("dir");
    rig.commit();
    assertThat(writes()).as("attributes go without the data").isEqualTo(before);

    MountedTree later = another();
    for (Attributes[] pair :
        new Attributes[][] {{file, later.stat("dir/file")}, {dir, later.stat("dir")}}) {
      assertThat(pair[1].atimeNanos()).isEqualTo(1_000_000_001L);
      assertThat(pair[1].mtimeNanos()).isEqualTo(2_000_000_002L);
      assertThat(pair[1].ctimeNanos()).isEqualTo(pair[0].ctimeNanos()).isGreaterThan(1L << 60);
      assertThat(pair[1].mode()).isEqualTo(pair[0].mode());
      assertThat(pair[1].mode() & 07777).isEqualTo(0751);
    }
  }

  // semantics: times
  @Test
  void aTimeThatIsNotSetStaysAndAWriteMovesBoth() {
    fs.writeFile("x", "text");
    fs.setattr("x", times(5L, 7L));
    fs.setattr("x", times(6L, null));
    assertThat(fs.stat("x").mtimeNanos()).isEqualTo(7);
    assertThat(fs.stat("x").atimeNanos()).isEqualTo(6);
    long changed = fs.stat("x").ctimeNanos();
    fs.setattr("x", times(null, 9L));
    assertThat(fs.stat("x").atimeNanos()).isEqualTo(6);
    assertThat(fs.stat("x").ctimeNanos()).isGreaterThan(changed);
    fs.writeFile("x", "other");
    assertThat(fs.stat("x").mtimeNanos()).isGreaterThan(changed);
    assertThat(fs.stat("x").ctimeNanos()).isGreaterThanOrEqualTo(fs.stat("x").mtimeNanos());
  }

  /** Git finds its files unchanged after their upload, and in another mount. */
  // semantics: ctime
  @Test
  void anUploadDoesNotChangeTheCtime() throws IOException {
    fs.writeFile("x", "text");
    fs.setattr("x", new SetAttributes(0700, null, null, null, null, null));
    long ctime = fs.stat("x").ctimeNanos();
    rig.commit();
    assertThat(fs.stat("x").ctimeNanos()).isEqualTo(ctime);
    assertThat(another().stat("x").ctimeNanos()).isEqualTo(ctime);
  }

  @Test
  void whatGoesWithoutSayingIsNotSaid() throws IOException {
    fs.writeFile("x", "text");
    fs.mkdir("d");
    rig.commit();
    for (String name : new String[] {"pre/x", "pre/d"}) {
      assertThat(rig.memory.head(Rig.BOX, name).metadata())
          .containsKey("modtime")
          .doesNotContainKeys("posix_atime", "posix_ctime", "posix_rdev");
    }
  }

  // semantics: directory-times
  @Test
  void aDirectoryIsAsOldAsItsLastChange() {
    fs.mkdir("d");
    fs.mkdir("other");
    long past = 1_000_000_000L;
    for (Runnable change :
        new Runnable[] {
          () -> fs.writeFile("d/x", "1"),
          () -> fs.symlink("d/l", "x"),
          () -> fs.mkdir("d/sub"),
          () -> fs.rename("d/x", "d/y", 0),
          () -> fs.rename("d/y", "other/y", 0),
          () -> fs.rename("other/y", "d/y", 0),
          () -> fs.unlink("d/l"),
          () -> fs.rmdir("d/sub")
        }) {
      fs.setattr("d", times(null, past));
      long ctime = fs.stat("d").ctimeNanos();
      assertThat(fs.stat("d").mtimeNanos()).isEqualTo(past);
      change.run();
      assertThat(fs.stat("d").mtimeNanos()).isGreaterThanOrEqualTo(ctime);
      assertThat(fs.stat("d").ctimeNanos()).isGreaterThanOrEqualTo(ctime);
    }
    long last = fs.stat("d").mtimeNanos();
    fs.rename("d", "e", 0);
    assertThat(fs.stat("e").mtimeNanos()).isEqualTo(last);
  }

  // semantics: xattr
  @Test
  void userAttributesAreKeptInMetadata() throws IOException {
    rig.put("pre/theirs", "text", Map.of("Theirs", "kept"));
    fs.mkdir("dir");
    fs.writeFile("new", "text");
    for (String name : new String[] {"theirs", "dir", "new"}) {
      fs.setxattr(name, "user.mime_Type", "te\u00e4xt", 0);
      fs.setxattr(name, "user.empty", "", 0);
    }
    rig.commit();
    int before = writes();
    for (String name : new String[] {"theirs", "dir", "new"}) {
      fs.setxattr(name, "user.mime_Type", "other", REPLACE);
      fs.setxattr(name, "user.gone", "x", CREATE);
      fs.removexattr(name, "user.gone");
    }
    rig.commit();
    assertThat(writes()).isEqualTo(before);

    MountedTree later = another();
    for (String name : new String[] {"theirs", "dir", "new"}) {
      assertThat(later.xattr(name, "user.mime_Type")).isEqualTo("other");
      assertThat(later.xattr(name, "user.empty")).isEmpty();
      assertThat(later.xattrs(name).split("\0"))
          .containsExactlyInAnyOrder("user.mime_Type", "user.empty");
    }
    BlobProperties theirs = rig.memory.head(Rig.BOX, "pre/theirs");
    assertThat(theirs.metadata()).containsEntry("Theirs", "kept");
    later.rename("theirs", "moved", 0);
    later.writeFile("new", "overwritten");
    rig.commit();
    assertThat(another().xattr("moved", "user.mime_Type")).isEqualTo("other");
    assertThat(another().xattr("new", "user.mime_Type")).isEqualTo("other");
  }

  // semantics: xattr
  @Test
  void userAttributesAreRefusedAsTheSystemCallSays() throws IOException {
    rig.put("pre/x", "text", Map.of("big", "b".repeat(5000)));
    fs.writeFile("new", "text");
    for (String name : new String[] {"x", "new"}) {
      fails(Errno.ENODATA, () -> fs.setxattr(name, "user.a", "1", REPLACE));
      fails(Errno.ENODATA, () -> fs.removexattr(name, "user.a"));
      fails(Errno.ENODATA, () -> fs.xattr(name, "user.a"));
      fs.setxattr(name, "user.a", "1", CREATE);
      fails(Errno.EEXIST, () -> fs.setxattr(name, "user.a", "2", CREATE));
      fails(Errno.EOPNOTSUPP, () -> fs.setxattr(name, "trusted.a", "1", 0));
      fails(Errno.EPERM, () -> fs.setxattr(name, "user.azcp.state", "whole", 0));
      fails(Errno.ENOSPC, () -> fs.setxattr(name, "user.b", "v".repeat(7000), 0));
    }
    fails(Errno.ENOSPC, () -> fs.setxattr("x", "user.b", "v".repeat(2500), 0));
    fs.setxattr("new", "user.b", "v".repeat(2500), 0);
    assertThat(fs.xattr("x", "user.a")).isEqualTo("1");
    rig.commit();
  }

  // semantics: set-ids
  @Test
  void aSetGroupIdDirectoryGivesItsGroup() throws IOException {
    rig.ownership = new Ownership(0, 0, 022, true);
    fs = another();
    fs.mkdir("d");
    fs.setattr("d", new SetAttributes(02775, null, 77, null, null, null));
    fs.writeFile("d/file", "x");
    fs.mkdir("d/sub");
    assertThat(fs.stat("d/file").gid()).isEqualTo(77);
    assertThat(fs.stat("d/sub").gid()).isEqualTo(77);
    assertThat(fs.stat("d/sub").mode() & 07777).isEqualTo(02755);
    assertThat(fs.stat("d/file").mode() & 07777).isEqualTo(0644);
  }

  // semantics: special
  @Test
  void specialFilesAreRefusedUnlessTheRuleKeepsThem() throws IOException {
    fails(Errno.EPERM, () -> fs.mknod("pipe", Stat.FIFO | 0644, 0));
    rig.specialFiles = true;
    MountedTree keeping = another();
    keeping.mknod("pipe", Stat.FIFO | 0640, 0);
    keeping.mknod("device", Stat.BLOCK_DEVICE | 0600, 0x102);
    keeping.mknod("socket", Stat.SOCKET | 0755, 0);
    keeping.rename("device", "moved", 0);
    rig.commit();
    MountedTree later = another();
    assertThat(later.stat("pipe").mode()).isEqualTo(Stat.FIFO | 0640);
    assertThat(later.stat("socket").mode()).isEqualTo(Stat.SOCKET | 0755);
    assertThat(later.stat("moved").mode()).isEqualTo(Stat.BLOCK_DEVICE | 0600);
    assertThat(later.stat("moved").device()).isEqualTo(0x102);
    assertThat(rig.memory.head(Rig.BOX, "pre/pipe").metadataValue("is_fifo")).isEqualTo("true");
    rig.specialFiles = false;
    assertThat(another().stat("pipe").mode()).isEqualTo(Stat.REGULAR | 0640);
  }
}
