package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sync against a storage account: {@code AZCP_TEST_ACCOUNT} and a container of it, {@code
 * AZCP_TEST_CONTAINER}, with the credential of the usual variables. All blobs are below a prefix of
 * their own, which is removed at the end.
 */
@Timeout(600)
class SyncAccountTest {
  private static final String ACCOUNT = System.getenv("AZCP_TEST_ACCOUNT");
  private static final String CONTAINER = System.getenv("AZCP_TEST_CONTAINER");

  @TempDir Path dir;
  private CliRunner cli;
  private String url;

  @BeforeEach
  void tree() throws Exception {
    assumeTrue(
        ACCOUNT != null && CONTAINER != null,
        "AZCP_TEST_ACCOUNT and AZCP_TEST_CONTAINER name no account to test with");
    cli = new CliRunner(dir);
    System.getenv().forEach(cli::with);
    byte[] unique = new byte[8];
    new SecureRandom().nextBytes(unique);
    String prefix = "azcp-it/sync-" + HexFormat.of().formatHex(unique);
    url = "az://" + ACCOUNT + "/" + CONTAINER + "/" + prefix;
    for (String name : new String[] {"a.txt", "b.log", "sub/c.txt", "sub-/d", "sub.e"}) {
      Path file = dir.resolve("src").resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
    }
  }

  @AfterEach
  void remove() {
    if (cli != null) {
      assertThat(cli.run("rm", "-r", url).err()).isEmpty();
    }
  }

  private void syncs(String summary, String... args) {
    String[] all = new String[args.length + 1];
    all[0] = "sync";
    System.arraycopy(args, 0, all, 1, args.length);
    CliRunner.Result result = cli.run(all);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).isEqualTo("Sync complete: " + summary + "\n");
  }

  @Test
  void upAndDownAndQuietTheSecondTime() {
    syncs("5 planned, 5 uploaded, 0 unchanged", "src", url);
    syncs("0 planned, 0 uploaded, 5 unchanged", "src", url);
    syncs("5 planned, 5 downloaded, 0 unchanged", url, "dst");
    syncs("0 planned, 0 downloaded, 5 unchanged", url, "dst");
    assertThat(dir.resolve("dst/sub/c.txt")).hasContent("sub/c.txt");
  }

  @Test
  void theFourWaysToCompare() throws Exception {
    syncs("5 planned, 5 uploaded, 0 unchanged", "src", url);
    Path file = dir.resolve("src/a.txt");
    var before = Files.getLastModifiedTime(file);
    Files.writeString(file, "A.txt");
    Files.setLastModifiedTime(file, before);
    syncs("0 planned, 0 uploaded, 5 unchanged", "--compare-method", "size", "src", url);
    syncs("0 planned, 0 uploaded, 5 unchanged", "src", url);
    syncs("1 planned, 1 uploaded, 4 unchanged", "--compare-method", "md5", "src", url);
    syncs("5 planned, 5 uploaded, 0 unchanged", "--compare-method", "always", "src", url);
  }

  @Test
  void whatIsGoneIsDeletedAndWhatIsFilteredOutIsNot() throws Exception {
    syncs("5 planned, 5 uploaded, 0 unchanged", "src", url);
    Files.delete(dir.resolve("src/sub/c.txt"));
    Files.delete(dir.resolve("src/b.log"));
    syncs(
        "0 planned, 0 uploaded, 3 unchanged\n  Deleted:   1",
        "--delete-destination",
        "--exclude-pattern",
        "*.log",
        "src",
        url);
    syncs("1 planned, 1 downloaded, 3 unchanged", url, "src");
    assertThat(dir.resolve("src/b.log")).hasContent("b.log");
    assertThat(dir.resolve("src/sub/c.txt")).doesNotExist();
  }

  @Test
  void blobsAreSyncedWithBlobs() {
    syncs("5 planned, 5 uploaded, 0 unchanged", "src", url + "/one");
    syncs("5 planned, 5 copied, 0 unchanged", url + "/one", url + "/two");
    syncs("0 planned, 0 copied, 5 unchanged", url + "/one", url + "/two");
    syncs("0 planned, 0 uploaded, 5 unchanged", "src", url + "/two");
  }
}
