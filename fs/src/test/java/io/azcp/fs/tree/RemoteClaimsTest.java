package io.azcp.fs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.config.WritePolicy;
import io.azcp.fs.fuse.Opened;
import io.azcp.fs.tree.MountedTree.Failed;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.FaultyBlobService.Operation;
import java.io.IOException;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** O_EXCL under {@code excl: remote}, by two mounts; and opens of archived blobs. */
class RemoteClaimsTest {
  private static final int EXCLUSIVE = 01 | Fd.O_CREAT | Fd.O_EXCL;

  @TempDir Path folder;
  private Rig rig;
  private MountedTree one;
  private MountedTree two;

  @BeforeEach
  void mount() throws IOException {
    rig = new Rig(folder);
    rig.policy = WritePolicy.DEFAULT.withExclusiveRemote(true);
    one = Rig.mount(rig.volume("pre", false, Listings.MAX_NAMES));
    two = Rig.mount(rig.volume("pre", false, Listings.MAX_NAMES));
    // Both know by now that nothing is there.
    assertThat(one.list("", 10, false)).isEmpty();
    assertThat(two.list("", 10, false)).isEmpty();
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private static void fails(Errno errno, ThrowingCallable call) {
    assertThat(catchThrowableOfType(Failed.class, call)).extracting(f -> f.errno).isEqualTo(errno);
  }

  @Test
  void oneOfTwoMountsGetsTheName() throws IOException {
    Opened lock = one.create("lock", EXCLUSIVE);
    assertThat(rig.holds("pre/lock")).as("taken at the call").isTrue();
    fails(Errno.EEXIST, () -> two.create("lock", EXCLUSIVE));
    one.write(lock, 0, "mine");
    one.close(lock);
    rig.commit();
    assertThat(rig.memory.head(Rig.BOX, "pre/lock").length()).isEqualTo(4);
    one.unlink("lock");
    rig.commit();
    assertThat(rig.holds("pre/lock")).isFalse();
    two.close(two.create("lock", EXCLUSIVE));
    rig.expire();
    fails(Errno.EEXIST, () -> one.create("lock", EXCLUSIVE));
  }

  @Test
  void aLostAnswerIsNoRefusal() throws IOException {
    rig.faulty.next(Operation.PUT, new LostThenThere());
    one.close(one.create("lock", EXCLUSIVE));
    rig.commit();
    assertThat(rig.holds("pre/lock")).isTrue();
  }

  /** The request was executed, its answer lost, and the client's repetition finds the blob. */
  private static final class LostThenThere implements FaultyBlobService.Fault {
    @Override
    public void after(FaultyBlobService.Request request) throws IOException {
      throw io.azcp.transfer.blob.ServiceErrors.of("put", "", 409, "BlobAlreadyExists", "", "");
    }
  }

  @Test
  void withoutAnAnswerNothingIsGranted() {
    rig.faulty.next(Operation.PUT, FaultyBlobService.unreachable());
    fails(Errno.EHOSTDOWN, () -> one.create("lock", EXCLUSIVE));
    assertThat(one.exists("lock")).isFalse();
  }

  @Test
  void otherCreationsAskNobody() {
    one.writeFile("plain", "x");
    assertThat(rig.faulty.log(Operation.PUT)).isEmpty();
  }

  @Test
  void whatIsInTheArchiveTierIsRefusedAtOpen() throws IOException {
    rig.put("pre/old", "kept for years");
    rig.memory.setTier(Rig.BOX, "pre/old", "Archive");
    rig.expire();
    fails(Errno.EACCES, () -> one.open("old", 0));
    fails(Errno.EACCES, () -> one.open("old", 02));
    fails(Errno.EACCES, () -> one.open("old", 01 | Fd.O_TRUNC));
    assertThat(one.stat("old").size()).isEqualTo(14);
    rig.memory.setTier(Rig.BOX, "pre/old", "Hot");
    rig.expire();
    assertThat(one.readFile("old")).isEqualTo("kept for years");
  }
}
