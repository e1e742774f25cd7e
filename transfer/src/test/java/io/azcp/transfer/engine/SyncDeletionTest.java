package io.azcp.transfer.engine;

import static io.azcp.transfer.blob.FaultyBlobService.Operation.COPY;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.DELETE;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.GET;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.LIST;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.PUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.UsageException;
import io.azcp.transfer.blob.EmptyPages;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.engine.sync.DeleteDestination;
import io.azcp.transfer.engine.sync.MaxDelete;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a sync deletes, and when it does not. */
class SyncDeletionTest extends SyncFixture {
  @Test
  void extraFilesStayUnlessTheirDeletionIsAskedFor() throws Exception {
    file("a", "a");
    blob("p/extra", "extra");
    up();
    assertThat(blobs()).containsOnlyKeys("p/a", "p/extra");
    deletion = DeleteDestination.TRUE;
    assertThat(up().result()).isEqualTo(new SyncResult(0, 0, 1, 1, false));
    assertThat(blobs()).containsOnlyKeys("p/a");
    assertThat(heard.ended(FileResult.Status.DELETED)).containsExactly("p/extra");
  }

  @Test
  void extraLocalFilesGoWithTheDirectoriesTheyEmpty() throws Exception {
    blob("p/a/keep", "keep");
    file("a/b/c/extra", "1");
    file("a/b/extra", "2");
    file("z/extra", "3");
    file("y/x/extra", "4");
    Files.createDirectory(local.resolve("empty"));
    Files.createSymbolicLink(local.resolve("link"), dir);
    deletion = DeleteDestination.TRUE;
    assertThat(down().result()).isEqualTo(new SyncResult(1, 1, 0, 4, false));
    assertThat(local.toFile().list()).containsExactlyInAnyOrder("a", "empty", "link");
    assertThat(local.resolve("a").toFile().list()).containsExactly("keep");
    assertThat(dir).exists();
  }

  @Test
  void aFileThatChangedAfterTheScanIsNotDeleted() throws Exception {
    blob("p/a", "a");
    file("extra", "extra");
    faulty.next(GET, FaultyBlobService.first(() -> file("extra", "precious")));
    deletion = DeleteDestination.TRUE;
    down();
    assertThat(files()).containsOnlyKeys("a", "extra");
    assertThat(heard.failed).singleElement().asString().contains("extra", "not deleted");
  }

  @Test
  void aBlobThatChangedAfterTheScanIsNotDeleted() throws Exception {
    file("a", "a");
    blob("p/extra", "extra");
    blob("p/other", "other");
    faulty.next(PUT, FaultyBlobService.first(() -> blob("p/extra", "precious")));
    deletion = DeleteDestination.TRUE;
    up();
    assertThat(blobs()).containsEntry("p/extra", "precious").doesNotContainKey("p/other");
    assertThat(heard.failed).singleElement().asString().contains("p/extra", "not deleted");
  }

  @Test
  void blobsAreDeletedOneByOneWhereThereAreNoBatches() throws Exception {
    file("a", "a");
    for (int i = 0; i < 300; i++) {
      blob("p/extra" + i, "extra");
    }
    faulty.next(
        FaultyBlobService.Operation.DELETE_BATCH,
        FaultyBlobService.refuse(403, "AuthorizationPermissionMismatch"));
    deletion = DeleteDestination.TRUE;
    assertThat(up().result().deleted()).isEqualTo(300);
    assertThat(blobs()).containsOnlyKeys("p/a");
    assertThat(faulty.log(DELETE)).isNotEmpty();
  }

  @Test
  void peersFault16AListingThatBreaksOffDeletesNothing() throws Exception {
    deletion = DeleteDestination.TRUE;
    for (int i = 0; i < 10; i++) {
      blob("p/f" + i, "x");
      file("f" + i, "x");
    }
    file("extra", "extra");
    service = new EmptyPages(faulty);
    // The fourth page of three never comes.
    for (int page = 0; page < 3; page++) {
      faulty.next(LIST, FaultyBlobService.first(() -> {}));
    }
    faulty.next(LIST, FaultyBlobService.refuse(503, "ServerBusy"));
    assertThatThrownBy(this::down).isInstanceOf(AzcpException.class).hasMessageContaining("503");
    assertThat(files()).hasSize(11);
    service = new EmptyPages(faulty);
    blob("p/remote-extra", "extra");
    faulty.next(LIST, FaultyBlobService.refuse(500, "InternalError"));
    assertThatThrownBy(this::up).isInstanceOf(AzcpException.class);
    assertThat(blobs()).hasSize(11);
    assertThat(faulty.log(DELETE)).isEmpty();
  }

  @Test
  void peersFault16ADirectoryThatCannotBeReadDeletesNothing() throws Exception {
    file("a", "a");
    Files.write(Path.of(java.net.URI.create(local.toUri() + "bad%FFname")), new byte[1]);
    blob("p/extra", "extra");
    deletion = DeleteDestination.TRUE;
    SyncJob job = up();
    assertThat(job.result()).isEqualTo(new SyncResult(1, 1, 0, 0, true));
    assertThat(job.stats().failed()).isEqualTo(1);
    assertThat(blobs()).containsOnlyKeys("p/a", "p/extra");
    assertThat(heard.warned).singleElement().asString().contains("nothing was deleted");
  }

  @Test
  void peersFault16ACopyThatFailedDeletesNothing() throws Exception {
    file("a", "a");
    blob("p/extra", "extra");
    deletion = DeleteDestination.TRUE;
    faulty.next(PUT, FaultyBlobService.refuse(409, "LeaseIdMissing"));
    assertThat(up().result()).isEqualTo(new SyncResult(1, 0, 0, 0, true));
    assertThat(blobs()).containsOnlyKeys("p/extra");
  }

  @Test
  void anEmptySourceDeletesOnlyWhatALimitAllows() throws Exception {
    blob("p/extra", "extra");
    deletion = DeleteDestination.TRUE;
    assertThat(up().result()).isEqualTo(new SyncResult(0, 0, 0, 0, true));
    assertThat(blobs()).containsOnlyKeys("p/extra");
    assertThat(heard.warned).singleElement().asString().contains("--max-delete 100%");
    maxDelete = MaxDelete.parse("100%");
    assertThat(up().result()).isEqualTo(new SyncResult(0, 0, 0, 1, false));
    assertThat(blobs()).isEmpty();
  }

  @Test
  void moreThanTheLimitIsNotDeletedAtAll() throws Exception {
    file("a", "a");
    for (int i = 0; i < 5; i++) {
      blob("p/extra" + i, "extra");
    }
    deletion = DeleteDestination.TRUE;
    for (String limit : List.of("4", "50%", "0")) {
      maxDelete = MaxDelete.parse(limit);
      assertThat(up().result().refused()).isTrue();
      assertThat(blobs()).hasSize(6);
    }
    assertThat(heard.warned.get(0))
        .isEqualTo(
            "nothing was deleted at the destination: 5 of its 5 files are not in the source, and"
                + " --max-delete allows 4");
    maxDelete = MaxDelete.parse("90%");
    assertThat(up().result()).isEqualTo(new SyncResult(0, 0, 1, 5, false));
  }

  @Test
  void theUserIsAskedOnce() throws Exception {
    file("a", "a");
    blob("p/extra1", "1");
    blob("p/extra2", "2");
    deletion = DeleteDestination.PROMPT;
    heard.answers.add(TransferEvents.Answer.NO);
    assertThat(up().result().deleted()).isZero();
    assertThat(heard.asked).containsExactly("2: p/extra1, p/extra2");
    heard.answers.add(TransferEvents.Answer.YES);
    assertThat(up().result().deleted()).isEqualTo(2);
    blob("p/extra3", "3");
    assertThatThrownBy(this::up).isInstanceOf(UsageException.class);
    assertThat(blobs()).containsOnlyKeys("p/a", "p/extra3");
  }

  @Test
  void aLinkAtTheSourceProtectsWhatIsAtTheDestination() throws Exception {
    file("a", "a");
    Files.createSymbolicLink(local.resolve("link"), local.resolve("a"));
    blob("p/link", "followed earlier");
    deletion = DeleteDestination.TRUE;
    assertThat(up().result()).isEqualTo(copied(1, 0));
    assertThat(blobs()).containsOnlyKeys("p/a", "p/link");
    assertThat(heard.warned).singleElement().asString().contains("link", "symbolic link");
  }

  @Test
  void aRefusedCredentialEndsItAtOnce() throws Exception {
    for (int i = 0; i < 20; i++) {
      file("f" + i, "x");
    }
    faulty.next(PUT, FaultyBlobService.refuse(403, "AuthenticationFailed"));
    blob("p/extra", "extra");
    deletion = DeleteDestination.TRUE;
    assertThatThrownBy(this::up)
        .isInstanceOfSatisfying(
            AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EACCES));
    assertThat(blobs()).containsKey("p/extra");
    assertThat(Arrays.asList(COPY, DELETE)).allSatisfy(op -> assertThat(faulty.log(op)).isEmpty());
  }
}
