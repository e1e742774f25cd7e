package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.AzuriteServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The texts and exit codes of copy, ls, rm and mk, against Azurite. */
class TransferCommandsTest extends BlobCommandsCase {
  @Test
  void aTreeGoesUpAndComesDown() throws Exception {
    file("src/one.txt", "sixsix");
    file("src/sub/two.txt", "2");
    byte[] large = new byte[3 << 20];
    Files.write(dir.resolve("src/sub/large"), large);
    CliRunner.Result up = done(cli.run("copy", "-r", "--block-size", "1MiB", "src", url + "/p"));
    assertThat(up.lines()).hasSize(4);
    assertThat(up.lines().get(0)).isEmpty();
    assertThat(up.lines().get(1))
        .matches("Upload complete: 3 files, 3\\.00 MiB in \\d+\\.\\ds = \\d+\\.\\d\\d Gbps");
    assertThat(up.lines().subList(2, 4)).containsExactly("  Succeeded: 3", "  Retries:   none");
    CliRunner.Result down = done(cli.run("cp", "-r", "--block-size=1MiB", url + "/p", "dst"));
    assertThat(down.out())
        .contains("Download complete: 3 files, 3.00 MiB in ")
        .contains("  Latency:   count=5 mean=")
        .contains(" avg/req @ ");
    assertThat(dir.resolve("dst/one.txt")).hasContent("sixsix");
    assertThat(dir.resolve("dst/sub/large")).hasBinaryContent(large);
    assertThat(dir.resolve("dst/p")).doesNotExist();
  }

  @Test
  void aSingleFileIsTransferredOrSkipped() throws Exception {
    file("one.txt", "sixsix");
    assertThat(done(cli.run("copy", "one.txt", url + "/")).out())
        .isEqualTo("Transferred: one.txt (6 B)\n");
    file("one.txt", "changed");
    for (String option : new String[] {"--no-overwrite", "--overwrite=false"}) {
      assertThat(done(cli.run("copy", option, "one.txt", url + "/one.txt")).out())
          .isEqualTo("Skipped (already exists): one.txt\n");
      assertThat(done(cli.run("copy", option, url + "/one.txt", ".")).out())
          .isEqualTo("Skipped (already exists): one.txt\n");
    }
    assertThat(dir.resolve("one.txt")).hasContent("changed");
    assertThat(done(cli.run("copy", "--overwrite", "true", url + "/one.txt", "one.txt")).out())
        .isEqualTo("Transferred: one.txt (6 B)\n");
    assertThat(dir.resolve("one.txt")).hasContent("sixsix");
  }

  @Test
  void aDryRunNamesWhatWouldBeMoved() throws Exception {
    file("src/sub/c.txt", "c");
    assertThat(done(cli.run("copy", "-r", "--dry-run", "src", url + "/p")).out())
        .isEqualTo("  [dry-run] would upload: sub/c.txt\n");
    refused(1, cli.run("ls", url + "/p"), "/p");
    done(cli.run("copy", "-r", "src", url + "/p"));
    assertThat(done(cli.run("copy", "-r", "--dry-run", url + "/p", "dst")).out())
        .isEqualTo("  [dry-run] would download: p/sub/c.txt\n");
    assertThat(dir.resolve("dst")).doesNotExist();
  }

  @Test
  void namesThatMeanSomethingInAUrlArriveAsTheyAre() throws Exception {
    String[] names = {"x%41y", "sp ace", "ha#sh", "que?ry", "ünï-çødé", "trailing "};
    Path source = Files.createDirectory(dir.resolve("src"));
    for (String each : names) {
      Path file = io.azcp.transfer.engine.LocalPaths.resolve(source, each);
      Files.write(file, each.getBytes(StandardCharsets.UTF_8));
    }
    done(cli.run("copy", "-r", "src", url));
    assertThat(done2(cli.run("ls", "-r", "--machine-readable", url)).lines())
        .map(line -> line.substring(0, line.indexOf('\t')))
        .containsExactlyInAnyOrder(names);
    done(cli.run("copy", "-r", url, "dst"));
    for (String each : names) {
      Path file = io.azcp.transfer.engine.LocalPaths.resolve(dir.resolve("dst"), each);
      assertThat(file).hasBinaryContent(each.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(done(cli.run("rm", url + "/x%2541y")).out())
        .isEqualTo("Deleted: " + name + "/x%41y\n");
  }

  /** Done, with a footer on standard error. */
  private static CliRunner.Result done2(CliRunner.Result result) {
    assertThat(result.code()).isZero();
    assertThat(result.err().lines()).hasSize(1);
    return result;
  }

  @Test
  void aListingHasItsDirectoriesFirst() throws Exception {
    file("src/a.txt", "sixsix");
    file("src/z/b.txt", "sixsix");
    done(cli.run("copy", "-r", "src", url));
    assertThat(cli.run("mk", url + "/empty/").out()).isEqualTo("Created directory: empty\n");
    CliRunner.Result human = done(cli.run("ls", url));
    assertThat(human.lines()).hasSize(4);
    assertThat(human.lines().get(2))
        .startsWith("  a.txt" + " ".repeat(55) + " " + " ".repeat(9) + "6 B ");
    assertThat(human.lines().get(2)).hasSizeGreaterThan(77);
    assertThat(Instant.parse(human.lines().get(2).substring(76))).isBefore(Instant.now());
    assertThat(human.lines().subList(0, 2))
        .containsExactlyInAnyOrder(
            "  z/" + " ".repeat(58) + " " + " ".repeat(7) + "<DIR>",
            "  empty/" + " ".repeat(54) + " " + " ".repeat(7) + "<DIR>");
    assertThat(human.lines().get(3)).isEqualTo("2 dir(s), 1 blob(s), 6 B");
    CliRunner.Result machine = done2(cli.run("list", "--machine-readable", url));
    assertThat(machine.lines()).hasSize(3);
    assertThat(machine.lines().subList(0, 2))
        .containsExactlyInAnyOrder("z/\t-\tDIR", "empty/\t-\tDIR");
    assertThat(machine.lines().get(2)).startsWith("a.txt\t6\t");
    assertThat(machine.err()).isEqualTo("2 dir(s), 1 blob(s), 6 B\n");
    assertThat(done(cli.run("ls", url + "/empty")).lines())
        .containsExactly("0 dir(s), 0 blob(s), 0 B");
    assertThat(done(cli.run("ls", url.substring(0, url.lastIndexOf('/')))).out())
        .contains("  " + name + " ")
        .contains(" container(s)");
  }

  @Test
  void removalTakesADirectoryAndNotItsNeighbours() throws Exception {
    file("src/p/a.txt", "a");
    file("src/p/q/b.txt", "b");
    file("src/pp/c.txt", "c");
    done(cli.run("copy", "-r", "src", url));
    assertThat(done(cli.run("rm", "-r", "--dry-run", url + "/p")).lines())
        .containsExactly(
            "[dry-run] would delete: p/a.txt",
            "[dry-run] would delete: p/q/b.txt",
            "2 blob(s) would be deleted");
    refused(1, cli.run("rm", url + "/p"), "-r");
    assertThat(done(cli.run("rm", "-r", url + "/p")).out())
        .isEqualTo("2 blob(s) deleted, 0 failed\n");
    assertThat(done(cli.run("rm", url + "/pp/c.txt")).out())
        .isEqualTo("Deleted: " + name + "/pp/c.txt\n");
    refused(1, cli.run("rm", url + "/pp/c.txt"), "pp/c.txt");
    refused(2, cli.run("rm", url), "-r");
    assertThat(done(cli.run("rm", "-r", url)).out()).isEqualTo("Deleted container: " + name + "\n");
  }

  @Test
  void theServiceCopiesWithinAnAccount() throws Exception {
    file("src/a.txt", "a");
    done(cli.run("copy", "-r", "src", url + "/p"));
    assertThat(done(cli.run("copy", "-r", url + "/p", url + "/q")).out())
        .contains("Copy complete: 1 files");
    done(cli.run("copy", url + "/q/a.txt", "back.txt"));
    assertThat(dir.resolve("back.txt")).hasContent("a");
  }

  @Test
  void oneFailureIsNamedAndTheExitCodeTellsIt() throws Exception {
    file("src/good", "1");
    file("src/bad.", "2");
    CliRunner.Result result = cli.run("copy", "-r", "src", url);
    refused(1, result, "bad.");
    assertThat(result.lines()).contains("  Succeeded: 1", "  Failed:    1");
  }

  @Test
  void nothingCopiedIsAFailure() throws Exception {
    Files.createDirectory(dir.resolve("empty"));
    refused(1, cli.run("copy", "-r", "empty", url), "empty", "nothing copied");
    refused(1, cli.run("copy", "-r", url + "/none", "dst"), "none", "nothing copied");
    refused(1, cli.run("copy", "none", url), "none");
    refused(1, cli.run("copy", "empty", url), "-r");
    refused(1, cli.run("copy", "empty", "other"), "must be a URL");
    refused(1, cli.run("copy", "-", "other"), "must be a URL");
    refused(2, cli.run("copy", "-", url + "/"), "names no blob");
    assertThat(dir.resolve("dst")).doesNotExist();
  }

  @Test
  void whatTheServiceRefusesIsOneSentence() throws Exception {
    file("src/a", "1");
    file("src/b", "2");
    refused(1, cli.run("copy", "-r", "src", url + "-none"), "ContainerNotFound", "azcp mk");
    refused(1, cli.run("mk", url), "ContainerAlreadyExists");
    refused(1, cli.run("ls", url + "-none"), "ContainerNotFound");
    var stranger =
        new CliRunner(dir)
            .with("AZURE_STORAGE_ACCOUNT", AzuriteServer.shared().account())
            .with("AZURE_STORAGE_KEY", "d3Jvbmc=");
    refused(1, stranger.run("ls", url), "403", "key of account");
    refused(1, stranger.run("copy", "-r", "src", url), "403");
  }

  @Test
  void aServiceThatIsNotThereIsOneSentence() throws Exception {
    file("src/a", "1");
    refused(
        1,
        cli.run("--max-retries=0", "ls", "http://127.0.0.1:1/devstoreaccount1/cont"),
        "127.0.0.1");
    refused(
        1,
        cli.run("--max-retries=0", "copy", "-r", "src", "http://127.0.0.1:1/devstoreaccount1/cont"),
        "127.0");
  }

  @Test
  void wrongCallsAreUsageErrors() throws Exception {
    file("a", "1");
    refused(2, cli.run("copy", "a"), "DESTINATION");
    refused(2, cli.run("copy", "a", url, "--block-size", "16XYZ"), "16XYZ");
    refused(2, cli.run("copy", "a", url, "--block-size", "0"), "--block-size");
    refused(2, cli.run("copy", "a", url, "--concurrency", "0"), "--concurrency");
    refused(2, cli.run("copy", "a", url, "--overwrite=true", "--no-overwrite"), "contradict");
    refused(2, cli.run("copy", "a", url, "--no-such-option"), "--no-such-option");
    refused(1, cli.run("ls", "none"), "none");
    refused(1, cli.run("rm", "none"), "there is no file none");
    refused(2, cli.run("mk", "http://127.0.0.1:1/acc"), "container");
    refused(2, cli.run("ls", url, "--timeout", "1x"), "1x");
    refused(2, cli.run("--max-retries=-1", "ls", url), "--max-retries");
  }

  @Test
  void aSignatureIsNeverShown() {
    String sas = "?sv=2024-11-04&sig=TopSecret%3D&se=2030";
    CliRunner.Result result = cli.run("copy", url + "/a" + sas, url + "/b" + sas, "more" + sas);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).doesNotContain("TopSecret");
    assertThat(cli.run("copy", "-", url + "/b" + sas).err()).doesNotContain("TopSecret");
  }

  @Test
  void aProgressLineIsDrawnWhereAskedFor() throws Exception {
    file("src/a", "1");
    CliRunner.Result result = cli.run("copy", "-r", "--progress", "src", url);
    assertThat(result.code()).isZero();
    assertThat(result.err()).matches("\\[\\S+] 1/1 files 1 B/1 B \\S+ \\S+/s ETA 0s\n");
    assertThat(done(cli.run("copy", "-r", "--no-progress", "src", url)).err()).isEmpty();
  }
}
