package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.AzuriteServer;
import io.azcp.transfer.blob.BlobServices;
import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.blob.ClientOptions;
import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.blob.PutOptions;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the options of copy and mv do, from the command line to the blob and back. */
class CopyFlagsTest extends BlobCommandsCase {
  private List<String> names(String place) {
    return cli.run("ls", "-r", "--machine-readable", place)
        .out()
        .lines()
        .map(line -> line.substring(0, line.indexOf('\t')))
        .toList();
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new java.util.Random(7).nextBytes(bytes);
    return bytes;
  }

  @Test
  void anAzCopyCommandRunsAsTyped() throws Exception {
    file("data/a.txt", "a");
    file("data/sub/b.log", "b");
    CliRunner.Result up =
        done(
            cli.run(
                "copy",
                dir + "/data/*",
                url + "/p",
                "--recursive=true",
                "--overwrite=ifSourceNewer",
                "--from-to=LocalBlob",
                "--put-md5",
                "--log-level=WARNING",
                "--block-size-mb=0.25",
                "--check-md5",
                "--no-guess-mime-type",
                "--exclude-pattern=*.log"));
    assertThat(up.out()).contains("Upload complete: 1 files");
    assertThat(names(url)).containsExactly("p/a.txt");
    done(cli.run("copy", url + "/p/*", "back", "--recursive", "--check-md5=FailIfDifferent"));
    assertThat(dir.resolve("back/a.txt")).hasContent("a");
  }

  @Test
  void aWildcardWithoutRecursionTakesTheFilesOfTheDirectoryItself() throws Exception {
    file("data/a", "a");
    file("data/sub/b", "b");
    done(cli.run("copy", "data/*", url));
    assertThat(names(url)).containsExactly("a");
    done(cli.run("copy", "-r", "data", url + "/q"));
    done(cli.run("copy", url + "/q/*", "down"));
    assertThat(dir.resolve("down/a")).exists();
    assertThat(dir.resolve("down/sub")).doesNotExist();
  }

  @Test
  void filtersChooseOnEveryWay() throws Exception {
    for (String path : List.of("a.txt", "a.md", "sub/b.txt", "sub/tmp/c.txt", "subs/d.txt")) {
      file("src/" + path, path);
    }
    String[] filters = {"--include-pattern", "*.txt;none", "--exclude-path=sub/tmp;subs"};
    done(cli.run("copy", "-r", "src", url + "/p", filters[0], filters[1], filters[2]));
    assertThat(names(url)).containsExactlyInAnyOrder("p/a.txt", "p/sub/b.txt");
    done(cli.run("copy", "-r", url + "/p", "dst", "--include-regex=^sub/"));
    assertThat(dir.resolve("dst/sub/b.txt")).exists();
    assertThat(dir.resolve("dst/a.txt")).doesNotExist();
    done(cli.run("copy", "-r", url + "/p", url + "/q", "--exclude-regex", "^sub/"));
    assertThat(names(url + "/q")).containsExactly("q/a.txt");
    assertThat(
            done(cli.run("rm", "-r", url + "/p", "--include-pattern", "sub/*", "--dry-run")).out())
        .isEqualTo("[dry-run] would delete: p/sub/b.txt\n1 blob(s) would be deleted\n");
    done(cli.run("rm", "-r", url, "--include-after", "2999-01-01"));
    assertThat(names(url)).hasSize(3);
  }

  @Test
  void newBlobsCarryWhatIsSaid() throws Exception {
    file("page", "text");
    done(
        cli.run(
            "copy",
            "page",
            url + "/page",
            "--metadata=project=x;owner=me",
            "--content-type=text/x-page",
            "--content-encoding=identity",
            "--content-language=en-GB",
            "--content-disposition=inline",
            "--cache-control=max-age=60",
            "--block-blob-tier=Cool",
            "--blob-tags=a=1&b=2"));
    assertThat(done(cli.run("stat", url + "/page")).lines())
        .contains(
            "  type:                blob",
            "  size:                4 B",
            "  content type:        text/x-page",
            "  content encoding:    identity",
            "  content language:    en-GB",
            "  content disposition: inline",
            "  cache control:       max-age=60",
            "  tier:                Cool",
            "  metadata:",
            "    owner:             me",
            "    project:           x",
            "  tags:",
            "    a:                 1");
  }

  @Test
  void nowhereChecksAndWritesNothing() throws Exception {
    file("src/good", "g");
    file("src/spoilt", "s");
    done(cli.run("copy", "-r", "src", url + "/p"));
    AzuriteServer azurite = AzuriteServer.shared();
    BlobUrl account = BlobUrl.parse(azurite.endpoint(), null);
    Map<String, String> key =
        Map.of("AZURE_STORAGE_ACCOUNT", azurite.account(), "AZURE_STORAGE_KEY", azurite.key());
    try (OpenedService opened = BlobServices.open(account, key, ClientOptions.DEFAULT)) {
      String other = Base64.getEncoder().encodeToString(new byte[16]);
      opened.service().setHeaders(name, "p/spoilt", PutOptions.NONE.withMd5(other));
    }
    CliRunner.Result checked =
        cli.run("copy", url + "/p", "/dev/null", "-r", "--check-md5", "FailIfDifferentOrMissing");
    refused(1, checked, "spoilt", "MD5");
    assertThat(checked.out()).contains("  Succeeded: 1", "  Failed:    1");
    done(cli.run("copy", url + "/p", "NUL", "-r", "--check-md5=NoCheck"));
    assertThat(dir.resolve("NUL")).doesNotExist();
    assertThat(dir.resolve("null")).doesNotExist();
  }

  @Test
  void standardInputAndOutputAreBytes() {
    byte[] bytes = bytes(3 << 20);
    CliRunner.Result up =
        done(cli.typing(bytes).run("copy", "-", url + "/in", "--from-to=PipeBlob"));
    assertThat(up.out()).isEqualTo("Transferred: in (3.00 MiB)\n");
    CliRunner.Result down = cli.run("copy", "--block-size=1MiB", url + "/in", "-");
    assertThat(down.code()).isZero();
    assertThat(down.err()).isEqualTo("Transferred: in (3.00 MiB)\n");
    assertThat(down.bytes()).isEqualTo(bytes);
  }

  @Test
  void aListSaysWhichFilesAreMoved() throws Exception {
    file("src/a", "a");
    file("src/b", "b");
    file("src/c/d", "d");
    file("list", "a\n/c/d\n\n");
    done(cli.run("copy", "-r", "src", url + "/p", "--list-of-files", "list"));
    assertThat(names(url)).containsExactlyInAnyOrder("p/a", "p/c/d");
    cli.typing("c/d\n".getBytes(StandardCharsets.UTF_8));
    done(cli.run("copy", "-r", url + "/p", "dst", "--list-of-files=-"));
    assertThat(dir.resolve("dst/c/d")).exists();
    assertThat(dir.resolve("dst/a")).doesNotExist();
    refused(1, cli.run("copy", "-r", "src", url, "--list-of-files=none"), "none");
  }

  @Test
  void movingRemovesTheSource() throws Exception {
    file("src/a", "a");
    file("src/sub/b", "b");
    done(cli.run("mv", "-r", "src", url + "/p"));
    assertThat(dir.resolve("src")).doesNotExist();
    for (String source : new String[] {"kept/", "kept/*"}) {
      file("kept/sub/b", "b");
      done(cli.run("mv", "-r", source, url + "/p"));
      assertThat(dir.resolve("kept")).isEmptyDirectory();
    }
    done(cli.run("mv", "-r", url + "/p", url + "/q"));
    assertThat(names(url)).containsExactlyInAnyOrder("q/a", "q/sub/b");
    done(cli.run("copy", "--delete-source", "-r", url + "/q", "dst"));
    assertThat(dir.resolve("dst/sub/b")).hasContent("b");
    refused(1, cli.run("ls", url + "/q"), "/q");
    refused(2, cli.run("mv", "-", url + "/x"), "both ends");
    refused(2, cli.run("mv", url + "/x", "/dev/null"), "both ends");
  }

  @Test
  void theUserIsAskedAtATerminalOnly() throws Exception {
    file("one", "1");
    done(cli.run("copy", "one", url + "/one"));
    file("one", "2");
    refused(2, cli.run("copy", "one", url + "/one", "--overwrite=prompt"), "terminal", "one");
    cli.atATerminal().typing("what\nno\n".getBytes(StandardCharsets.UTF_8));
    CliRunner.Result no =
        cli.run("copy", "--no-progress", "one", url + "/one", "--overwrite=prompt");
    assertThat(no.code()).isZero();
    assertThat(no.out()).isEqualTo("Skipped (already exists): one\n");
    assertThat(no.err())
        .startsWith("one exists at the destination. Replace it? ")
        .contains("Please say y, n, a or v.");
    cli.typing("y\n".getBytes(StandardCharsets.UTF_8));
    assertThat(cli.run("copy", "--no-progress", "one", url + "/one", "--overwrite=prompt").out())
        .isEqualTo("Transferred: one (1 B)\n");
    cli.typing(new byte[0]);
    refusedAfterQuestion(
        cli.run("copy", "--no-progress", "one", url + "/one", "--overwrite=prompt"));
  }

  private static void refusedAfterQuestion(CliRunner.Result result) {
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).endsWith("azcp: nobody answered whether one is replaced\n");
  }

  @ParameterizedTest
  @CsvSource({
    "one URL --from-to=BlobLocal, an upload",
    "one URL --from-to=LocalFile, none of LocalBlob",
    "one URL --overwrite=maybe, --overwrite",
    "one URL --check-md5=FailIfDifferent, --put-md5",
    "one URL --check-md5=Always, --check-md5",
    "one URL --discard, --discard",
    "one URL --direct, --direct",
    "one URL --metadata=a, KEY=VALUE",
    "one URL --metadata=a=1;a=2, twice",
    "one URL --block-size-mb=0, --block-size-mb",
    "one URL --block-size-mb=1 --block-size=1, contradict",
    "one URL --preserve-symlinks --follow-symlinks, contradict",
    "one URL --include-after=soon, --include-after",
    "one URL --include-pattern=[a, --include-pattern",
    "one URL --destination-sas=x URLs, Unmatched",
    "one URL --source-sas=x, --source-sas",
    "URL/x one --put-md5, --check-md5",
    "URL/x one --metadata=a=1, --metadata",
    "URL/x one --content-type=a, --content-type",
    "URL/x one --follow-symlinks, --follow-symlinks",
    "URL/x URL/y --list-of-files=l, --list-of-files",
    "URL/x URL/y --preserve-posix-properties, metadata",
    "one URL --recursive=maybe, maybe",
  })
  void whatCannotBeMeantIsAUsageErrorThatNamesTheOption(String line, String part) throws Exception {
    file("one", "1");
    refused(2, cli.run(("copy " + line.replace("URL", url)).split(" ", -1)), part);
    refused(1, cli.run("ls", url + "/one"), "one");
  }

  @Test
  void variablesAreHonouredAndNamedWhereTheyAreWrong() throws Exception {
    file("one", "1");
    cli.with("AZCP_PARALLEL_FILES", "2").with("AZCOPY_CONCURRENCY_VALUE", "AUTO");
    cli.with("AZCP_MAX_RETRIES", "1");
    done(cli.run("copy", "one", url + "/one"));
    for (String variable :
        List.of("AZCP_PARALLEL_FILES", "AZCOPY_CONCURRENCY_VALUE", "AZCP_MAX_RETRIES")) {
      refused(2, cli.with(variable, "many").run("copy", "one", url + "/one"), variable);
      cli.with(variable, "3");
    }
  }
}
