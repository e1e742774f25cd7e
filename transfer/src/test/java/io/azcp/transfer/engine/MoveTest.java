package io.azcp.transfer.engine;

import static io.azcp.transfer.blob.FaultyBlobService.Operation.DELETE;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.PUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.azcp.base.posix.Identity;
import io.azcp.base.posix.Mounts;
import io.azcp.base.posix.PosixException;
import io.azcp.transfer.blob.FaultyBlobService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What moves besides bytes: sources away, bytes around the page cache, and onto a full disk. */
class MoveTest extends TransferFixture {
  @Test
  void aFileIsRemovedOnceItsCopyIsThere() throws Exception {
    Trees.write(source, Map.of("refused", bytes(1), "d/large", bytes(5 * BLOCK)));
    service.next(PUT, FaultyBlobService.refuse(400, "InvalidInput"));
    upload(options().deleteSource(true));
    assertThat(heard.failed).singleElement().asString().contains("refused");
    assertThat(Trees.read(source)).containsOnlyKeys("refused");
    assertThat(Trees.blobs(memory, "c")).containsOnlyKeys("d/large");
  }

  @Test
  void aFileThatWasSkippedIsKept() throws Exception {
    Trees.write(source, Map.of("a", bytes(1), "kept", bytes(3)));
    blob("kept", "theirs");
    upload(options().deleteSource(true).overwrite(Overwrite.FALSE));
    assertThat(heard.failed).isEmpty();
    assertThat(Trees.read(source)).containsOnlyKeys("kept");
  }

  @Test
  void directoriesThatTheMoveEmptiedGoTheSourceToo() throws Exception {
    Trees.write(source, Map.of("a", bytes(1), "d/e/f/b", bytes(1), "d/g/c", bytes(3 * BLOCK)));
    upload(options().deleteSource(true));
    assertThat(heard.failed).isEmpty();
    assertThat(source).doesNotExist();
    assertThat(Trees.blobs(memory, "c")).containsOnlyKeys("a", "d/e/f/b", "d/g/c");
  }

  @Test
  void directoriesThatWereEmptyOrHoldMoreStay() throws Exception {
    Trees.write(source, Map.of("d/moved/b", bytes(1), "d/left/c.tmp", bytes(1), "e/x", bytes(1)));
    Files.createDirectories(source.resolve("was/empty"));
    Files.createDirectories(source.resolve("e/empty"));
    upload(options().deleteSource(true).filter((name, time) -> !name.endsWith(".tmp")));
    assertThat(source.resolve("d/moved")).doesNotExist();
    assertThat(source.resolve("d/left/c.tmp")).exists();
    assertThat(source.resolve("was/empty")).isDirectory();
    assertThat(source.resolve("e/empty")).isDirectory();
    assertThat(Trees.blobs(memory, "c")).containsOnlyKeys("d/moved/b", "e/x");
  }

  @Test
  void aDirectoryStaysWithTheFileThatCouldNotBeMoved() throws Exception {
    Trees.write(source, Map.of("d/refused", bytes(1)));
    service.next(PUT, FaultyBlobService.refuse(400, "InvalidInput"));
    upload(options().deleteSource(true));
    assertThat(Trees.read(source)).containsOnlyKeys("d/refused");
  }

  @Test
  void nothingGoesInADryRunOrWhereNothingWasFound() throws Exception {
    assertThatThrownBy(() -> upload(options().deleteSource(true)))
        .hasMessageContaining("nothing copied");
    assertThat(source).isDirectory();
    Trees.write(source, Map.of("d/a", bytes(1)));
    upload(options().deleteSource(true).dryRun(true));
    assertThat(Trees.read(source)).containsOnlyKeys("d/a");
  }

  @Test
  void aListInAnyOrderEmptiesItsDirectories() throws Exception {
    Trees.write(source, Map.of("d/a", bytes(1), "e/b", bytes(1), "d/f/c", bytes(1)));
    NameSource names =
        each -> {
          for (String name : new String[] {"d/a", "e/b", "d/f/c"}) {
            each.name(name, -1, 0);
          }
        };
    run(
        new UploadJob(
            service,
            options().deleteSource(true).names(names).build(),
            heard,
            source,
            "c",
            "",
            true));
    assertThat(heard.failed).isEmpty();
    assertThat(source).isEmptyDirectory();
  }

  @Test
  void whatASymbolicLinkLeadsToIsNotRemovedThroughIt() throws Exception {
    Path elsewhere = Files.createDirectory(dir.resolve("elsewhere"));
    Trees.write(elsewhere, Map.of("a", bytes(1)));
    Files.createSymbolicLink(source.resolve("link"), elsewhere);
    upload(options().deleteSource(true).symlinks(Symlinks.FOLLOW));
    assertThat(Trees.blobs(memory, "c")).containsOnlyKeys("link/a");
    assertThat(elsewhere).isEmptyDirectory();
    assertThat(source.resolve("link")).isSymbolicLink();
  }

  @Test
  void aBlobIsRemovedOnceItsCopyIsThere() throws Exception {
    blob("a", "x");
    Trees.put(memory, "c", "large", bytes(5 * BLOCK));
    DownloadJob job = download(options().deleteSource(true));
    assertThat(job.stats().files()).isEqualTo(2);
    assertThat(Trees.blobs(memory, "c")).isEmpty();
    assertThat(local()).containsOnlyKeys("a", "large");
  }

  @Test
  void aBlobThatChangedMeanwhileIsKeptAndCountedAsFailed() throws Exception {
    blob("a", "old");
    // The conditional removal meets a new version.
    service.next(DELETE, FaultyBlobService.first(() -> blob("a", "new")));
    DownloadJob job = download(options().deleteSource(true));
    assertThat(Trees.get(memory, "c", "a")).isEqualTo(Trees.utf8("new"));
    assertThat(job.stats().failed()).isEqualTo(1);
    assertThat(heard.failed).singleElement().asString().contains("kept");
  }

  @Test
  void filesGoAroundThePageCacheOrSayOnceThatTheyDoNot() throws Exception {
    for (int size : new int[] {BLOCK + 1, 5 * BLOCK, 3 << 20, (2 << 20) + 4097}) {
      Trees.put(memory, "c", "f" + size, bytes(size));
    }
    for (long block : new long[] {BLOCK, 1 << 20, 5000}) {
      DownloadJob job =
          download(options().direct(true).blockSize(block).checkMd5(CheckMd5.FAIL_IF_DIFFERENT));
      assertThat(heard.failed).isEmpty();
      assertThat(job.stats().files()).isEqualTo(4);
      Trees.blobs(memory, "c")
          .forEach((name, content) -> assertThat(dest.resolve(name)).hasBinaryContent(content));
    }
    assertThat(heard.warned.size()).isLessThanOrEqualTo(3);
    assertThat(heard.warned).allMatch(w -> w.contains("--direct"));
  }

  @Test
  void aFullDiskEndsTheJobWithOneSentenceAndLeavesNoHalfFile() throws Exception {
    assumeThat(Identity.euid()).as("mounts a small file system").isZero();
    Files.createDirectories(dest);
    try {
      Mounts.mount("tmpfs", dest.toString(), "tmpfs", 0, "size=256k");
    } catch (PosixException e) {
      assumeThat(e).as("may mount").isNull();
    }
    try {
      for (int i = 0; i < 20; i++) {
        Trees.put(memory, "c", "f" + i, bytes(8 * BLOCK));
      }
      assertThatThrownBy(() -> download(options())).hasMessageContaining("no space left");
      assertThat(heard.failed).isEmpty();
      assertThat(local()).isNotEmpty().doesNotContainKey(".azcp");
      local()
          .forEach(
              (name, content) -> {
                assertThat(name).doesNotStartWith(".azcp-");
                assertThat(content).isEqualTo(bytes(8 * BLOCK));
              });
    } finally {
      Mounts.unmount(dest.toString(), Mounts.MNT_DETACH);
    }
  }

  @Test
  void aDirectoryMarkerOfADiscardedTreeMakesNothing() throws Exception {
    Trees.marker(memory, "c", "d");
    blob("d/x/", "");
    download(options().discard(true));
    assertThat(dest).doesNotExist();
    Path link = dir.resolve("unused");
    assertThat(link).doesNotExist();
  }
}
