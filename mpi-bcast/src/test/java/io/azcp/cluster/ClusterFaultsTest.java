package io.azcp.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.cluster.ClusterLab.Draft;
import io.azcp.cluster.ClusterLab.Result;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BodySink;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.ForwardingBlobService;
import io.azcp.transfer.blob.GetRange;
import io.azcp.transfer.blob.PutOptions;
import io.azcp.transfer.blob.TransportException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run does when something goes wrong: all ranks say the same code, and nothing is left. */
class ClusterFaultsTest {
  @TempDir Path folder;

  /** A service whose gets go through something. */
  private abstract static class Getting extends ForwardingBlobService {
    Getting(BlobService service) {
      super(service);
    }

    abstract void before(String name, GetRange range) throws IOException;

    @Override
    public BlobProperties get(String container, String name, GetRange range, BodySink sink)
        throws IOException {
      before(name, range);
      return super.get(container, name, range, sink);
    }
  }

  private static void assertEmpty(ClusterLab lab, int ranks) throws IOException {
    for (int r = 0; r < ranks; r++) {
      assertThat(ClusterLab.tree(lab.node(r))).isEmpty();
    }
  }

  @Test
  void twoRanksOnOneNodeAreRefused() throws Exception {
    var lab = new ClusterLab(folder, 2).together();
    Result result = lab.run(new Draft());
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.complaint()).contains("rank 1 on host: 2 ranks run on this node");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void ranksWithOtherOptionsAreRefused() throws Exception {
    var lab = new ClusterLab(folder, 2);
    lab.put("one", 10);
    Result result =
        lab.run(
            rank -> {
              var draft = new Draft();
              draft.pipeline = 1 + rank;
              return draft;
            });
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.complaint()).contains("not given the same options");
  }

  @Test
  void moreDownloadersThanRanksAreRefused() throws Exception {
    var lab = new ClusterLab(folder, 2);
    var draft = new Draft();
    draft.downloadRanks = 3;
    assertThat(lab.run(draft).code()).isEqualTo(7);
  }

  @Test
  void aSourceThatIsNotThereEndsTheListing() throws Exception {
    var lab = new ClusterLab(folder, 2);
    Result result = lab.run(new Draft());
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.complaint()).contains("rank 0 on host0: there is no blob at data/set/");
  }

  @Test
  void aServiceOutOfReachLeavesNoFileOfZeros() throws Exception {
    var lab = new ClusterLab(folder, 3);
    for (int i = 0; i < 30; i++) {
      lab.put("f" + i, 300_000);
    }
    var reachable = new AtomicBoolean();
    var asked = new AtomicInteger();
    lab.around(
        service ->
            new Getting(service) {
              @Override
              void before(String name, GetRange range) throws IOException {
                if (!reachable.get()) {
                  asked.incrementAndGet();
                  throw new TransportException(
                      TransportException.Kind.UNREACHABLE, "cannot reach the service", null);
                }
              }
            });
    Result result = lab.run(new Draft());
    assertThat(result.code()).isEqualTo(5);
    assertThat(asked.get()).isPositive();
    assertThat(result.complaint()).contains("cannot reach the service").contains("on host");
    assertEmpty(lab, 3);

    reachable.set(true);
    var again = new Draft();
    again.compare = Compare.SIZE;
    assertThat(lab.run(again).code()).isZero();
    assertThat(ClusterLab.tree(lab.node(2))).hasSize(30);
  }

  @Test
  void aRankThatCannotDownloadIsHelpedByAnother() throws Exception {
    var lab = new ClusterLab(folder, 3);
    for (int i = 0; i < 12; i++) {
      lab.put("f" + i, 200_000);
    }
    var first = new AtomicBoolean(true);
    var refused = new AtomicInteger();
    lab.around(
        service -> {
          boolean broken = first.getAndSet(false);
          return new Getting(service) {
            @Override
            void before(String name, GetRange range) throws IOException {
              if (broken) {
                refused.incrementAndGet();
                throw new AzcpException(Errno.EIO, name + ": the connection broke");
              }
            }
          };
        });
    Result result = lab.run(new Draft());
    assertThat(refused.get()).isPositive();
    assertThat(result.code()).isZero();
    for (int r = 0; r < 3; r++) {
      assertThat(ClusterLab.tree(lab.node(r))).hasSize(12);
    }
    assertThat(ClusterLab.tree(lab.node(0))).isEqualTo(ClusterLab.tree(lab.node(1)));
  }

  @Test
  void aBlobReplacedAfterTheListingFailsAloneAndIsNotAMixture() throws Exception {
    var lab = new ClusterLab(folder, 2);
    byte[] kept = lab.put("kept", 200_000);
    lab.put("replaced", 200_000);
    var replaced = new AtomicBoolean();
    lab.around(
        service ->
            new Getting(service) {
              @Override
              void before(String name, GetRange range) throws IOException {
                if (name.endsWith("replaced") && range.offset() > 0 && !replaced.getAndSet(true)) {
                  lab.blobs.put(
                      ClusterLab.CONTAINER,
                      name,
                      BodySource.of(new byte[200_000]),
                      PutOptions.NONE);
                }
              }
            });
    Result result = lab.run(new Draft());
    assertThat(replaced).isTrue();
    assertThat(result.code()).isEqualTo(5);
    assertThat(result.complaint()).contains("replaced").contains("--compare size");
    for (int r = 0; r < 2; r++) {
      assertThat(ClusterLab.tree(lab.node(r)).keySet()).containsExactly("kept");
      assertThat(lab.node(r).resolve("kept")).hasBinaryContent(kept);
    }
    var again = new Draft();
    again.compare = Compare.SIZE;
    Result second = lab.run(again);
    assertThat(second.code()).isZero();
    assertThat(second.out().get(1)).startsWith("[diff] 1 to transfer (0 peer, 1 azure), 1 skipped");
    assertThat(lab.node(1).resolve("replaced")).hasBinaryContent(new byte[200_000]);
  }

  @Test
  void aBlobThatIsGoneFailsWithItsName() throws Exception {
    var lab = new ClusterLab(folder, 2);
    lab.put("there", 10);
    Path list = folder.resolve("list.tsv");
    Files.writeString(list, "there\t10\ngone\t300000\nother-size\t5\n");
    lab.put("other-size", 6);
    var draft = new Draft();
    draft.shardlist = list.toString();
    Result result = lab.run(draft);
    assertThat(result.code()).isEqualTo(5);
    assertThat(result.complaint())
        .contains("gone")
        .contains("other-size has 6 bytes, and the list of files says 5");
    assertThat(ClusterLab.tree(lab.node(0)).keySet()).containsExactly("there");
  }

  /** A disk of one rank that is full, from the first byte or after some files. */
  private static final class FullDisk implements Landing {
    private final Landing disk;
    private final int room;

    FullDisk(Landing disk, int room) {
      this.disk = disk;
      this.room = room;
    }

    @Override
    public void open() throws IOException {
      disk.open();
    }

    @Override
    public boolean isPresent(Entry entry, Compare how) throws IOException {
      return disk.isPresent(entry, how);
    }

    @Override
    public String place(Entry entry) {
      return disk.place(entry);
    }

    @Override
    public String temporary(int number) throws IOException {
      if (number >= room) {
        throw new AzcpException(Errno.ENOSPC, "write file " + number + ": no space left on device");
      }
      return disk.temporary(number);
    }

    @Override
    public void checkRoom(long bytes, long files) throws IOException {
      if (room == 0) {
        disk.checkRoom(Long.MAX_VALUE / 2, files);
      }
      disk.checkRoom(bytes, files);
    }

    @Override
    public void publish(int number, Entry entry) throws IOException {
      disk.publish(number, entry);
    }

    @Override
    public void close() {
      disk.close();
    }
  }

  @Test
  void aDiskWithoutRoomIsFoundBeforeTheFirstByte() throws Exception {
    var lab = new ClusterLab(folder, 3);
    lab.put("one", 300_000);
    lab.landing(
        rank -> {
          var disk = new DirectoryLanding(lab.node(rank).toString());
          return rank == 1 ? new FullDisk(disk, 0) : disk;
        });
    Result result = lab.run(new Draft());
    assertThat(result.code()).isEqualTo(8);
    assertThat(result.complaints())
        .singleElement()
        .asString()
        .startsWith("rank 1 on host1: ")
        .contains("are needed");
    assertThat(lab.bytesRead.sum()).isZero();
    assertEmpty(lab, 3);
  }

  @Test
  void aDiskThatFillsUpEndsAllRanks() throws Exception {
    var lab = new ClusterLab(folder, 3);
    for (int i = 10; i < 60; i++) {
      lab.put("f" + i, 40_000);
    }
    lab.landing(
        rank -> {
          var disk = new DirectoryLanding(lab.node(rank).toString());
          return rank == 2 ? new FullDisk(disk, 20) : disk;
        });
    Result result = lab.run(new Draft());
    assertThat(result.code()).isEqualTo(8);
    assertThat(result.complaint()).contains("rank 2 on host2: ").contains("no space left");
    lab.landing(rank -> new DirectoryLanding(lab.node(rank).toString()));
    var again = new Draft();
    again.compare = Compare.SIZE;
    assertThat(lab.run(again).code()).isZero();
    for (int r = 0; r < 3; r++) {
      assertThat(ClusterLab.tree(lab.node(r))).hasSize(50);
    }
  }

  @Test
  void aFlippedByteIsFoundAndNamed() throws Exception {
    var lab = new ClusterLab(folder, 3);
    lab.put("one", 200_000);
    lab.put("two", 100);
    var draft = new Draft();
    draft.verify = true;
    Result whole = lab.run(draft);
    assertThat(whole.code()).isZero();
    assertThat(whole.out()).hasSize(7);
    assertThat(whole.out().get(4)).matches("\\[verify] 2 files T=.*s: .* 0 mismatches");
    try (var file = new RandomAccessFile(lab.node(1).resolve("one").toFile(), "rw")) {
      file.seek(150_000);
      int old = file.read();
      file.seek(150_000);
      file.write(old ^ 1);
    }
    draft.compare = Compare.SIZE;
    Result result = lab.run(draft);
    assertThat(result.code()).isEqualTo(7);
    assertThat(result.out().get(4)).endsWith("1 mismatches");
    assertThat(result.complaint()).contains("rank 1 on host1: one: the copy here has MD5");
  }

  @Test
  void aDirectoryInTheWayIsNamed() throws Exception {
    var lab = new ClusterLab(folder, 2);
    lab.put("one", 10);
    Files.createDirectories(lab.node(1).resolve("one/below"));
    Result result = lab.run(new Draft());
    assertThat(result.code()).isEqualTo(8);
    assertThat(result.complaint()).contains("rank 1 on host1: cannot give one its name");
  }

  @Test
  void whatAKilledRunLeftIsRemoved() throws Exception {
    var lab = new ClusterLab(folder, 2);
    lab.put("one", 10);
    Path left = lab.node(0).resolve(".azcp-0123456789abcdef/0");
    Files.createDirectories(left);
    Files.writeString(left.resolve("0"), "half");
    Files.createFile(left.resolve("../lock"));
    assertThat(lab.run(new Draft()).code()).isZero();
    assertThat(ClusterLab.tree(lab.node(0)).keySet()).containsExactly("one");
    assertThat(left.getParent()).doesNotExist();
  }
}
