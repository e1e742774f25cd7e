package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.AzuriteServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The texts and exit codes of sync, against Azurite. */
@Timeout(120)
class SyncCommandTest {
  private static final AtomicInteger CONTAINERS = new AtomicInteger();

  @TempDir Path dir;
  private CliRunner cli;
  private String url;

  @BeforeEach
  void container() throws Exception {
    AzuriteServer azurite = AzuriteServer.shared();
    cli =
        new CliRunner(dir)
            .with("AZURE_STORAGE_ACCOUNT", azurite.account())
            .with("AZURE_STORAGE_KEY", azurite.key());
    url = azurite.endpoint() + "/sync" + CONTAINERS.incrementAndGet();
    assertThat(cli.run("mk", url).code()).isZero();
    file("src/a.txt", "a");
    file("src/b.txt", "bb");
    file("src/sub/c.txt", "ccc");
  }

  private void file(String path, String text) throws Exception {
    Path file = dir.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
  }

  private static CliRunner.Result done(CliRunner.Result result) {
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    return result;
  }

  private static void refused(int code, CliRunner.Result result, String... parts) {
    assertThat(result.code()).as(result.err()).isEqualTo(code);
    assertThat(result.err().lines().filter(l -> !l.isBlank())).hasSize(1);
    assertThat(result.err()).startsWith("azcp: ").contains(parts);
  }

  @Test
  void upAndDownAndQuietTheSecondTime() {
    assertThat(done(cli.run("sync", "src", url + "/p")).out())
        .isEqualTo("Sync complete: 3 planned, 3 uploaded, 0 unchanged\n");
    assertThat(done(cli.run("sync", "src/", url + "/p/")).out())
        .isEqualTo("Sync complete: 0 planned, 0 uploaded, 3 unchanged\n");
    assertThat(done(cli.run("sync", url + "/p", "dst")).out())
        .isEqualTo("Sync complete: 3 planned, 3 downloaded, 0 unchanged\n");
    assertThat(done(cli.run("sync", "-r", url + "/p", "dst")).out())
        .isEqualTo("Sync complete: 0 planned, 0 downloaded, 3 unchanged\n");
    assertThat(dir.resolve("dst/sub/c.txt")).hasContent("ccc");
  }

  @Test
  void aDryRunNamesWhatWouldBeCopiedAndDeleted() throws Exception {
    done(cli.run("copy", "src/b.txt", url + "/p/"));
    Files.delete(dir.resolve("src/b.txt"));
    assertThat(done(cli.run("sync", "--dry-run", "--delete-destination", "src", url + "/p")).out())
        .isEqualTo(
            """
              [dry-run] would upload: a.txt
              [dry-run] would upload: sub/c.txt
            [dry-run] delete remote: p/b.txt
            """);
    file("dl/extra", "extra");
    for (String destination : new String[] {"dl", "dl/"}) {
      assertThat(
              done(cli.run(
                      "sync", "--delete-destination=true", "--dry-run", url + "/p", destination))
                  .out())
          .isEqualTo("  [dry-run] would download: p/b.txt\n[dry-run] delete local: dl/extra\n");
    }
    assertThat(cli.run("ls", "-r", "--machine-readable", url).lines()).hasSize(1);
    assertThat(dir.resolve("dl/extra")).exists();
  }

  @Test
  void whatIsOnlyAtTheDestinationGoesWhereThatIsAsked() throws Exception {
    done(cli.run("sync", "src", url + "/p"));
    Files.delete(dir.resolve("src/b.txt"));
    for (String stays : new String[] {"--no-progress", "--delete-destination=false"}) {
      assertThat(done(cli.run("sync", stays, "src", url + "/p")).out())
          .isEqualTo("Sync complete: 0 planned, 0 uploaded, 2 unchanged\n");
    }
    refused(2, cli.run("sync", "--delete-destination", "prompt", "src", url + "/p"), "1 file(s)");
    CliRunner.Result limited =
        cli.run("sync", "--delete-destination", "--max-delete", "10%", "src", url + "/p");
    refused(
        1,
        limited,
        "nothing was deleted at the destination: 1 of its 3 files are not in the source, and"
            + " --max-delete allows 10%");
    assertThat(limited.out()).isEqualTo("Sync complete: 0 planned, 0 uploaded, 2 unchanged\n");
    assertThat(
            done(cli.run("sync", "--delete-destination", "--max-delete=1", "src", url + "/p"))
                .out())
        .isEqualTo("Sync complete: 0 planned, 0 uploaded, 2 unchanged\n  Deleted:   1\n");
  }

  @Test
  void shardsTogetherSyncEverythingAndDeleteNothing() throws Exception {
    for (String shard : new String[] {"0/2", "1/2"}) {
      assertThat(done(cli.run("sync", "--shard", shard, "src", url + "/p")).out())
          .matches("Sync complete: ([12]) planned, \\1 uploaded, 0 unchanged\n");
    }
    assertThat(done(cli.run("sync", "--shard=0/1", "src", url + "/p")).out())
        .isEqualTo("Sync complete: 0 planned, 0 uploaded, 3 unchanged\n");
    refused(
        2,
        cli.run("sync", "--shard=0/2", "--delete-destination", "src", url + "/p"),
        "a last sync without --shard");
    refused(2, cli.run("sync", "--shard=2/2", "src", url), "shard index 2 must be < count 2");
  }

  @Test
  void whatIsThereStaysWhereThatIsAsked() throws Exception {
    done(cli.run("sync", "src", url + "/p"));
    file("src/a.txt", "longer than before");
    file("src/new.txt", "new");
    for (String stays : new String[] {"--overwrite=false", "--no-overwrite"}) {
      done(cli.run("sync", stays, "--dry-run", "src", url + "/p"));
    }
    assertThat(done(cli.run("sync", "--no-overwrite", "src", url + "/p")).out())
        .isEqualTo("Sync complete: 1 planned, 1 uploaded, 3 unchanged\n");
    refused(2, cli.run("sync", "--overwrite=prompt", "src", url + "/p"), "--compare-method");
  }

  @Test
  void aFileThatFailsIsNamedAndCounted() throws Exception {
    file("src/back\\slash", "x");
    done(cli.run("copy", "src/a.txt", url + "/p/old"));
    CliRunner.Result result = cli.run("sync", "--delete-destination", "src", url + "/p");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out())
        .isEqualTo("Sync complete: 4 planned, 3 uploaded, 0 unchanged\n  Failed:    1\n");
    assertThat(result.err().lines())
        .hasSize(2)
        .anyMatch(line -> line.contains("back\\slash"))
        .anyMatch(line -> line.contains("nothing was deleted at the destination: 1 file(s)"));
  }

  @Test
  void theFourWaysToCompare() throws Exception {
    done(cli.run("sync", "src", url + "/p"));
    file("src/a.txt", "b");
    for (String method : new String[] {"size", "size-and-mtime", "SIZE"}) {
      assertThat(done(cli.run("sync", "--compare-method", method, "src", url + "/p")).out())
          .isEqualTo("Sync complete: 0 planned, 0 uploaded, 3 unchanged\n");
    }
    assertThat(done(cli.run("sync", "--compare-method=md5", "src", url + "/p")).out())
        .isEqualTo("Sync complete: 1 planned, 1 uploaded, 2 unchanged\n");
    assertThat(done(cli.run("sync", "--compare-method=always", "src", url + "/p")).out())
        .isEqualTo("Sync complete: 3 planned, 3 uploaded, 0 unchanged\n");
    refused(2, cli.run("sync", "--compare-method=mtime", "src", url + "/p"), "size-and-mtime");
  }

  @Test
  void blobsWithoutAnMd5AreNamedWithAHint() throws Exception {
    file("src/large", "x".repeat(3000));
    done(cli.run("sync", "--block-size", "1000", "src", url + "/p"));
    refused(
        1,
        cli.run("sync", "--compare-method", "md5", "src", url + "/p"),
        "large",
        "hint: re-upload these with 'azcp copy --check-md5 …'");
  }

  @Test
  void blobsAreSyncedWithBlobs() {
    done(cli.run("sync", "src", url + "/p"));
    assertThat(done(cli.run("sync", url + "/p", url + "/q")).out())
        .isEqualTo("Sync complete: 3 planned, 3 copied, 0 unchanged\n");
    assertThat(
            done(cli.run(
                    "sync", "--dry-run", "--compare-method=always", url + "/p/sub", url + "/q/sub"))
                .out())
        .isEqualTo("  [dry-run] would copy: p/sub/c.txt\n");
  }

  @Test
  void aSourceThatIsNotThereIsAnError() {
    refused(1, cli.run("sync", "--delete-destination", url + "/absent", "src"), "absent");
    refused(1, cli.run("sync", "--delete-destination", "absent", url + "/p"), "absent");
    refused(1, cli.run("sync", "src", url + "x/p"), "mk");
    refused(1, cli.run("sync", "src", "dst"), "a directory and a URL");
    refused(2, cli.run("sync", "--max-delete", "3", "src", url), "--delete-destination");
    refused(2, cli.run("sync", "--recursive=false", "src", url), "directories");
    assertThat(dir.resolve("src/a.txt")).exists();
  }

  @Test
  void programsGetObjects() {
    assertThat(done(cli.run("sync", "--output-type", "json", "src", url + "/p")).lines())
        .contains("{\"type\":\"sync\",\"planned\":3,\"copied\":3,\"unchanged\":0,\"deleted\":0}")
        .anyMatch(line -> line.contains("\"type\":\"summary\"") && line.contains("\"sync\""));
  }
}
