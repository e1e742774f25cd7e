package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.AzuriteServer;
import io.azcp.transfer.blob.BlobServices;
import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.ClientOptions;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.PutOptions;
import io.azcp.transfer.blob.SasSigner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** azfuse's other words on mapped paths, and what other commands answer for those. */
class AzfuseCommandsTest extends MappedCommandsCase {
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";

  @Test
  void aListingTellsSizeCreationAndTier() throws Exception {
    put("d/a", "12345");
    put("d/s/b", "1");
    service.setTier(name, "pre/d/s/b", "Archive");
    assertThat(done(cli.run("ls", "data/d")).out())
        .matches(
            "  s/ {66}<DIR>\n  a {69}5 B " + TIME + " Hot\n1 dir\\(s\\), 1 file\\(s\\), 5 B\n");
    assertThat(cli.run("ls", "-r", "--machine-readable", "data").out())
        .matches(
            "d/a\t5\t"
                + TIME
                + "\t"
                + TIME
                + "\tHot\t\t\nd/s/b\t1\t"
                + TIME
                + "\t"
                + TIME
                + "\tArchive\t\t\n");
    assertThat(done(cli.run("--output-type", "json", "ls", "data/d/a")).lines().get(0))
        .startsWith("{\"type\":\"file\",\"name\":\"a\",\"bytes\":5,\"lastModified\":\"")
        .endsWith("\",\"tier\":\"Hot\",\"archiveStatus\":\"\",\"lease\":\"\"}");
    refused(1, cli.run("ls", "data/none"), "none");
  }

  @Test
  void lookingAndAddingUpWorkOnMappedPaths() throws Exception {
    put("d/a", "12345");
    put("b", "1");
    file("plain", "123");
    assertThat(done(cli.run("du", "data")).out())
        .isEqualTo("           6 B         2 files  total\n");
    assertThat(done(cli.run("stat", "data/d/a")).lines())
        .contains("  type:                blob", "  name:                pre/d/a");
    assertThat(done(cli.run("stat", "plain")).lines())
        .contains("  type:                local file", "  size:                3 B");
    refused(1, cli.run("stat", "none"), "there is no file none");
  }

  @Test
  void filesAndTreesAreRemovedFromServiceAndCache() throws Exception {
    put("d/a", "1");
    put("d/b", "2");
    put("dd", "3");
    put("e", "4");
    file("plain", "123");
    done(cli.run("prepare", "data"));
    assertThat(done(cli.run("rm", "data/e", "plain")).out())
        .isEqualTo("Deleted: " + name + "/pre/e\nDeleted: plain\n");
    assertThat(cached("e")).doesNotExist();
    assertThat(dir.resolve("plain")).doesNotExist();
    assertThat(done(cli.run("rm", "-r", "--dry-run", "data/d")).out())
        .contains("[dry-run] would delete: pre/d/a", "2 blob(s) would be deleted");
    refused(1, cli.run("rm", "data/d"), "is a directory");
    assertThat(done(cli.run("rmtree", "data/d")).out()).isEqualTo("2 blob(s) deleted, 0 failed\n");
    assertThat(cached("d")).doesNotExist();
    assertThat(cached("dd")).hasContent("3");
    assertThat(blob("dd").length()).isEqualTo(1);
    Files.createDirectory(dir.resolve("local"));
    refused(1, cli.run("rmtree", "local"), "plain local directory");
    CliRunner.Result some = cli.run("rm", "data/none", "data/dd");
    assertThat(some.code()).isEqualTo(1);
    assertThat(some.out()).isEqualTo("Deleted: " + name + "/pre/dd\n");
  }

  @Test
  void aLinkReadsAndDoesNothingElse() throws Exception {
    put("a b", "content");
    String link = done(cli.run("url", "data/a b")).out().strip();
    try (var guest =
        BlobServices.open(BlobUrl.parse(link, null), Map.of(), ClientOptions.DEFAULT)) {
      assertThat(guest.service().head(name, "pre/a b").length()).isEqualTo(7);
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> guest.service().delete(name, "pre/a b", Conditions.NONE))
          .hasMessageContaining("permission");
    }
    assertThat(Instant.parse(link.replaceAll(".*&se=([^&]*)&.*", "$1").replace("%3A", ":")))
        .isBetween(
            Instant.now().plus(Duration.ofDays(29)), Instant.now().plus(Duration.ofDays(31)));
    refused(1, cli.run("url", "data/none"), "none");
    refused(1, cli.run("url", "data/"), "names no blob");

    AzuriteServer azurite = AzuriteServer.shared();
    String sas =
        SasSigner.sign(
            azurite.account(), azurite.key(), "rl", Instant.now().plus(Duration.ofHours(1)));
    account("dev", name, "sas_token: \"?" + sas + '"');
    CliRunner.Result refused = cli.run("url", "data/a b");
    refused(1, refused, "it takes the account's key or an identity", "dev.yaml");
    assertThat(refused.err()).doesNotContain("sig=");
  }

  @Test
  void tiersMetadataAndLeases() throws Exception {
    service.put(
        name,
        "pre/a",
        BodySource.of(new byte[1]),
        new PutOptions("text/x", "", Map.of("k", "v", "b", "2"), Conditions.NONE));
    put("c", "1");
    assertThat(done(cli.run("tier", "data/a", "cool")).out())
        .isEqualTo("Tier Cool: " + name + "/pre/a\n");
    assertThat(blob("a").tier()).isEqualTo("Cool");
    refused(2, cli.run("tier", "data/a", "warm"), "Hot, Cool, Cold, Archive");
    assertThat(done(cli.run("--output-type=json", "tier", "data/c", "Archive")).out())
        .isEqualTo(
            "{\"type\":\"blob\",\"name\":\"" + name + "/pre/c\",\"status\":\"tier Archive\"}\n");

    assertThat(done(cli.run("meta", "data/a")).out()).isEqualTo("b: 2\nk: v\n");
    assertThat(done(cli.run("--output-type=json", "meta", "data/a")).out())
        .isEqualTo("{\"name\":\"pre/a\",\"metadata\":{\"b\":\"2\",\"k\":\"v\"}}\n");
    assertThat(done(cli.run("clear_meta", "data/a")).out())
        .isEqualTo("Cleared metadata: " + name + "/pre/a\n");
    assertThat(blob("a").metadata()).isEmpty();
    assertThat(done(cli.run("clear-meta", "data/a")).out())
        .isEqualTo("Nothing to do: " + name + "/pre/a has no metadata\n");

    assertThat(done(cli.run("break", "data/a")).out()).isEqualTo("No lease: " + name + "/pre/a\n");
    refused(1, cli.run("break", "data/none"), "BlobNotFound");
    refused(1, cli.run("meta", "elsewhere"), "plain local file");
  }

  private void editor(String script) throws Exception {
    Path editor = dir.resolve("editor");
    Files.writeString(editor, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(editor, PosixFilePermissions.fromString("rwx------"));
    cli.with("EDITOR", editor.toString())
        .with("TMPDIR", Files.createDirectories(dir.resolve("tmp")) + "");
  }

  private String content(String path) throws Exception {
    return cli.run("cat", path).out();
  }

  @Test
  void anEditedFileIsUploadedAndAnUntouchedOneIsNot() throws Exception {
    service.put(
        name,
        "pre/d/t.txt",
        BodySource.of("old\n".getBytes(StandardCharsets.UTF_8)),
        new PutOptions("text/x", "", Map.of("k", "v"), Conditions.NONE));
    editor("true");
    String before = blob("d/t.txt").etag();
    assertThat(done(cli.run("update", "data/d/t.txt")).out())
        .isEqualTo("Nothing to do: data/d/t.txt was not changed\n");
    assertThat(blob("d/t.txt").etag()).isEqualTo(before);

    editor("test \"$(basename \"$1\")\" = t.txt && echo more >>\"$1\"");
    assertThat(done(cli.run("nvim", "data/d/t.txt")).out())
        .isEqualTo("Updated: " + name + "/pre/d/t.txt\n");
    assertThat(content("data/d/t.txt")).isEqualTo("old\nmore\n");
    assertThat(blob("d/t.txt").contentType()).isEqualTo("text/x");
    assertThat(blob("d/t.txt").metadata()).isEqualTo(Map.of("k", "v"));

    editor("echo new >\"$1\"");
    done(cli.run("update", "data/d/new"));
    assertThat(content("data/d/new")).isEqualTo("new\n");
    assertThat(dir.resolve("tmp")).isEmptyDirectory();

    editor("exit 3");
    refused(1, cli.run("update", "data/d/t.txt"), "the editor ended with 3", "left as it is");
    file("plain", "p\n");
    editor("echo more >>\"$1\"");
    assertThat(cli.run("update", "plain").code()).isZero();
    assertThat(dir.resolve("plain")).hasContent("p\nmore\n");
  }

  @Test
  void whatSomebodyElseChangedMeanwhileIsNotReplaced() throws Exception {
    put("t", "old");
    put("other", "theirs");
    String azcp = AzuriteServer.shared().endpoint() + "/" + name + "/pre/t";
    editor(
        "echo mine >\"$1\"; touch "
            + dir.resolve("editing")
            + "; while test ! -e "
            + dir.resolve("changed")
            + "; do sleep 0.05; done");
    Thread somebody =
        new Thread(
            () -> {
              try {
                while (!Files.exists(dir.resolve("editing"))) {
                  Thread.sleep(10);
                }
                put("t", "theirs");
                Files.createFile(dir.resolve("changed"));
              } catch (Exception e) {
                throw new IllegalStateException(azcp, e);
              }
            });
    somebody.start();
    CliRunner.Result result = cli.run("update", "data/t");
    somebody.join();
    refused(1, result, "somebody else changed data/t meanwhile", "is kept in " + dir);
    assertThat(content("data/t")).isEqualTo("theirs");
    Path kept = Path.of(result.err().replaceAll("(?s).*is kept in (\\S+)\\s.*", "$1"));
    assertThat(kept).hasContent("mine");
  }

  @Test
  void programsAreGivenTheWholeFile() throws Exception {
    put("p.png", "picture");
    editor("cp \"$1\" " + dir.resolve("shown"));
    String program = dir.resolve("editor").toString();
    assertThat(cli.run("display", "--with", program, "data/p.png").code()).isZero();
    assertThat(dir.resolve("shown")).hasContent("picture");
    Files.delete(dir.resolve("shown"));
    assertThat(cli.run("open", "--with", program, "data/p.png").code()).isZero();
    assertThat(dir.resolve("shown")).hasContent("picture");
    assertThat(cached("p.png")).hasContent("picture");
    refused(1, cli.run("open", "--with", program, "data/none"), "there is no file data/none");
    refused(1, cli.run("open", "--with", "no-such-program", "data/p.png"), "no-such-program");
  }

  @Test
  void filesPutIntoTheCacheAreUploadedOnce() throws Exception {
    put("d/theirs", "from the service");
    done(cli.run("prepare", "data"));
    file("cache-dev/d/mine", "by hand");
    file("cache-dev/d/mine.lockfile", "");
    assertThat(done(cli.run("upload", "data/d")).out()).contains("Upload complete: 1 file");
    assertThat(content("data/d/mine")).isEqualTo("by hand");
    assertThat(cli.run("isfile", "data/d/mine.lockfile").code()).isEqualTo(1);
    assertThat(done(cli.run("u", "data/d/mine")).out())
        .isEqualTo("Nothing to do: data/d/mine is in the service\n");
    file("cache-dev/single", "one");
    assertThat(done(cli.run("upload", "data/single")).out())
        .isEqualTo("Transferred: single (3 B)\n");
    refused(1, cli.run("upload", "data/none"), "BlobNotFound");
    refused(1, cli.run("upload", "plain"), "plain local file");
  }

  @Test
  void anotherMappingsFilesAreCopiedByTheService() throws Exception {
    service.put(name, "elsewhere/d/a", BodySource.of(new byte[3]), PutOptions.NONE);
    rules("aux_data/azfuse/other.yaml", "dev", "elsewhere");
    assertThat(done(cli.run("u", "--from", "other", "data/d")).out())
        .contains("Copy complete: 1 file");
    assertThat(blob("d/a").length()).isEqualTo(3);
    assertThat(done(cli.run("-f", "aux_data/azfuse/other.yaml", "upload", "data/d")).out())
        .contains("Skipped:   1");
    refused(2, cli.run("upload", "--from", "none", "data/d"), "none.yaml");
  }

  @Test
  void aConfigurationIsNamedAsAzfuseDoesBeforeTheCommandToo() throws Exception {
    service.put(name, "elsewhere/a", BodySource.of(new byte[4]), PutOptions.NONE);
    rules("aux_data/azfuse/other.yaml", "dev", "elsewhere");
    file(
        "aux_data/azfuse/other.yaml",
        Files.readString(dir.resolve("aux_data/azfuse/other.yaml"))
            .replace("cache-dev", "cache-o"));
    assertThat(done(cli.run("-c", "other", "size", "data/a")).out()).isEqualTo("4\n");
    assertThat(done(cli.run("size", "-c", "other", "data/a")).out()).isEqualTo("4\n");
    refused(1, cli.run("size", "data/a"), "there is no file");
    refused(2, cli.run("-c", "none", "size", "data/a"), "none.yaml");
    refused(2, cli.run("-c", "other", "size", "--config", "x", "data/a"), "contradict");
    refused(2, cli.run("-c", "other", "mk", url + "-x"), "-c");
  }
}
