package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.azcp.base.posix.Identity;
import io.azcp.config.StorageAccount;
import io.azcp.transfer.blob.AzuriteServer;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BlobServices;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.ClientOptions;
import io.azcp.transfer.blob.GetRange;
import io.azcp.transfer.blob.PutOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The file system's commands against real mounts in processes of their own, on Azurite. */
@Timeout(300)
class MountCommandsTest {
  @TempDir Path dir;

  private final String container = "c" + UUID.randomUUID();
  private final List<MountProcess> mounts = new ArrayList<>();
  private AzuriteServer azurite;
  private BlobService service;
  private Map<String, String> env;
  private CliRunner cli;
  private Path mountPoint;

  @BeforeEach
  void prepare() throws Exception {
    env =
        Map.of(
            "AZCP_RUNTIME_DIR", dir.resolve("run").toString(),
            "XDG_CACHE_HOME", dir.resolve("xdg").toString());
    cli = new CliRunner(dir);
    env.forEach(cli::with);
    mountPoint = Files.createDirectory(dir.resolve("mnt"));
    azurite = AzuriteServer.shared();
    account("dev", azurite.endpoint(), azurite.key(), container);
    service =
        BlobServices.open(
                new StorageAccount(
                    "dev",
                    "test",
                    azurite.account(),
                    azurite.key(),
                    null,
                    container,
                    azurite.endpoint(),
                    false),
                Map.of(),
                ClientOptions.DEFAULT)
            .service();
    service.createContainer(container);
    config("azfuse.yaml", "dev", "");
  }

  @AfterEach
  void clean() throws Exception {
    cli.run("umount", "--all", "--no-wait", "--lazy");
    mounts.forEach(MountProcess::close);
    for (String place : List.of("mnt", "data")) {
      new ProcessBuilder("umount", "-l", dir.resolve(place).toString())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    }
    service.deleteContainer(container);
    service.close();
  }

  private void account(String name, String endpoint, String key, String where) throws IOException {
    Path folder = Files.createDirectories(dir.resolve("aux_data/storage_account"));
    Files.writeString(
        folder.resolve(name + ".yaml"),
        String.join(
            "\n",
            "account_name: " + azurite.account(),
            "account_key: " + key,
            "container_name: " + where,
            "endpoint: " + endpoint,
            ""));
  }

  private void config(String file, String account, String more) throws IOException {
    Files.writeString(
        dir.resolve(file),
        "- cache: "
            + dir.resolve("cache-" + account)
            + "\n  local: data\n  remote: pre\n  storage_account: "
            + account
            + "\n"
            + more);
  }

  private MountProcess mount(String... args) throws IOException {
    assumeTrue(Identity.euid() == 0, "mounting in tests needs root");
    assumeTrue(Files.exists(Path.of("/dev/fuse")), "there is no /dev/fuse here");
    MountProcess mount = MountProcess.start(dir, env, args);
    mounts.add(mount);
    return mount;
  }

  private MountProcess mountBelow(String config) throws IOException {
    return mount(mountPoint.toString(), "--config", config);
  }

  private void put(String name, String text) throws IOException {
    service.put(
        container,
        "pre/" + name,
        BodySource.of(text.getBytes(StandardCharsets.UTF_8)),
        PutOptions.NONE);
  }

  private String blob(String name) throws IOException {
    var bytes = new ByteArrayOutputStream();
    service.get(
        container,
        "pre/" + name,
        GetRange.ALL,
        (offset, data) -> {
          byte[] chunk = new byte[data.remaining()];
          data.get(chunk);
          bytes.write(chunk);
        });
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private Path file(String name) {
    return mountPoint.resolve("data").resolve(name);
  }

  private CliRunner.Result ok(String... args) {
    CliRunner.Result result = cli.run(args);
    assertThat(result.code()).as("%s %s", result.out(), result.err()).isZero();
    return result;
  }

  @Test
  void readsWritesRenamesAndUploads() throws Exception {
    put("d/one", "first");
    MountProcess mount = mountBelow("azfuse.yaml");

    assertThat(file("d/one")).hasContent("first");
    Files.writeString(file("new.tmp"), "checkpoint");
    Files.move(file("new.tmp"), file("new"));
    try (Stream<Path> names = Files.list(file(""))) {
      assertThat(names.map(p -> p.getFileName().toString())).containsExactlyInAnyOrder("d", "new");
    }
    assertThat(ok("mounts").out()).contains(mountPoint.toString()).contains(container + "/pre");
    assertThat(ok("status", mountPoint.toString()).out())
        .contains("service   online")
        .contains("cached ")
        .contains("pending ");

    assertThat(ok("flush").out()).isEqualTo("Flushed: nothing is pending\n");
    assertThat(blob("new")).isEqualTo("checkpoint");

    assertThat(ok("umount", "mnt").out()).isEqualTo("Unmounted: mnt\n");
    assertThat(mount.end()).isZero();
    assertThat(mountPoint).isEmptyDirectory();
    assertThat(ok("mounts").out()).isEmpty();
    assertThat(dir.resolve("run")).isEmptyDirectory();
  }

  @Test
  void servesFromTheDaemonAloneWhereToldSo() throws Exception {
    put("one", "first");
    MountProcess mount =
        mount(mountPoint.toString(), "--config", "azfuse.yaml", "--no-passthrough");
    assertThat(mount.said()).contains("no passthrough: switched off");
    assertThat(file("one")).hasContent("first");
    Files.writeString(file("two"), "second");
    ok("umount", "mnt");
    assertThat(blob("two")).isEqualTo("second");
  }

  @Test
  void umountWaitsForWhatIsPendingUnlessToldNotTo() throws Exception {
    config("slow.yaml", "dev", "  upload_delay: 10m\n");
    mountBelow("slow.yaml");
    Files.writeString(file("a"), "A");
    assertThat(ok("status").out()).contains("pending   1 file, 1 B");
    assertThat(ok("status", "--json").out())
        .startsWith("{\"daemons\":[{\"pid\":")
        .contains("\"pendingFiles\":1,", "\"leased\":0,", "\"conflicts\":[]");
    CliRunner.Result left = ok("umount", "--no-wait", "mnt");
    assertThat(left.err()).contains("1 file (1 B) is not uploaded yet and kept in the journal");

    mountBelow("slow.yaml");
    assertThat(file("a")).hasContent("A");
    ok("umount", "mnt");
    assertThat(blob("a")).isEqualTo("A");
  }

  @Test
  void prepareWorksWithAndWithoutAMountAndTheSecondTimeDoesNothing() throws Exception {
    for (int i = 0; i < 20; i++) {
      put("many/" + i, "content " + i);
    }
    assertThat(ok("prepare", "--config", "azfuse.yaml", "data/many/1*").out())
        .startsWith("Prepared: 11 files, ");
    assertThat(ok("prepare", "--config", "azfuse.yaml", "data/many/1*").out())
        .startsWith("Nothing to do: all is in the cache\n  There already: 11 files");

    mountBelow("azfuse.yaml");
    assertThat(ok("prepare", file("many").toString()).out())
        .startsWith("Prepared: 9 files, ")
        .contains("There already: 11 files");
    assertThat(ok("prepare", "data/many").out()).startsWith("Nothing to do");
    assertThat(ok("prepare", "--config", "azfuse.yaml", dir + "/data/many/3").out())
        .startsWith("Nothing to do");
    assertThat(dir.resolve("cache-dev/many/7")).hasContent("content 7");

    assertThat(ok("evict", "data/many/7").out()).startsWith("Evicted: 1 file");
    assertThat(dir.resolve("cache-dev/many/7")).doesNotExist();

    assertThat(ok("prepare", "--pin", "data/many/1*").out()).startsWith("Nothing to do");
    Files.createDirectory(file("many/deep"));
    try (var reader = Files.newInputStream(file("many/2"));
        var writer = Files.newOutputStream(file("many/deep/unsent"))) {
      assertThat(reader.read()).isEqualTo('c');
      writer.write('w');
      assertThat(ok("evict", "data/many", "data/other").out())
          .startsWith("Evicted: 7 files, ")
          .contains("  Kept: 13 files\n", "/many/2: open\n", "/many/13: pinned\n")
          .contains("/many/deep/unsent: not uploaded yet\n");
    }
    assertThat(dir.resolve("cache-dev/many/13")).hasContent("content 13");
    assertThat(ok("evict", "--force", "data/many/13").out()).startsWith("Evicted: 1 file, ");
    assertThat(ok("unpin", "data/many").out()).isEqualTo("Unpinned: 11 files\n");
    assertThat(ok("evict", "data/many/12").out()).startsWith("Evicted: 1 file, ");

    CliRunner.Result gone = cli.run("prepare", "data/nope");
    assertThat(gone.code()).isEqualTo(1);
    assertThat(gone.err()).isEqualTo("azcp: there is no file or directory nope\n");
  }

  @Test
  void azfusesCommandsSeeWhatAMountHas() throws Exception {
    config("slow.yaml", "dev", "  upload_delay: 10m\n");
    put("d/old", "from the service");
    mountBelow("slow.yaml");
    Files.writeString(file("new"), "not uploaded yet");

    for (String path : List.of("data/new", "mnt/data/new", file("new").toString())) {
      assertThat(ok("cat", path).out()).isEqualTo("not uploaded yet");
      assertThat(ok("size", path).out()).isEqualTo("16\n");
      assertThat(ok("isfile", path).out()).isEmpty();
    }
    assertThat(ok("tail", "--bytes=7", "data/d/old").out()).isEqualTo("service");
    assertThat(cli.run("ls", "mnt").err()).contains("lies above the rules");

    assertThat(ok("upload", "data/new").out())
        .isEqualTo("Nothing to do: data/new is in the service\n");
    assertThat(blob("new")).isEqualTo("not uploaded yet");
    assertThat(ok("ls", "--machine-readable", "mnt/data").out()).contains("new\t16\t");

    Files.writeString(file("d/gone"), "x");
    assertThat(ok("rm", "-r", "data/d").out()).isEqualTo("2 blob(s) deleted, 0 failed\n");
    assertThat(file("d/gone")).doesNotExist();
    assertThat(file("d/old")).doesNotExist();

    cli.with("EDITOR", "f() { echo edited >\"$1\"; }; f").with("PATH", System.getenv("PATH"));
    assertThat(ok("update", "mnt/data/new").out())
        .isEqualTo("Updated: " + container + "/pre/new\n");
    assertThat(file("new")).hasContent("edited");
    assertThat(ok("tier", file("new").toString(), "Cool").out()).startsWith("Tier Cool: ");
    ok("umount", "mnt");
    assertThat(blob("new")).isEqualTo("edited\n");
  }

  @Test
  void aMountPreparesListsAndTellsWhatItHas() throws Exception {
    put("d/a", "1");
    put("d/b", "22");
    put("c", "333");
    mountBelow("azfuse.yaml");
    Path list = dir.resolve("list");
    Files.writeString(list, "data/d/a\t1\n" + file("c") + "\ndata/none\n");

    CliRunner.Result some = cli.run("prepare", "--check", "--manifest", "list");
    assertThat(some.code()).isEqualTo(1);
    assertThat(some.out())
        .isEqualTo("In the cache: 0 files, 0 B\n  Missing: 2 files, 4 B\n  Failed: 1\n");

    CliRunner.Result result = cli.run("prepare", "--order", "list", "mnt/data/d/b");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).startsWith("Prepared: 3 files, 6 B in ");
    assertThat(result.err()).isEqualTo("azcp: there is no file or directory none\n");
    assertThat(ok("prepare", "--check", "mnt").out()).isEqualTo("In the cache: 3 files, 6 B\n");
    ok("umount", "mnt");
  }

  @Test
  void aPathNoRuleHasIsAPlainLocalFile() throws Exception {
    Files.writeString(dir.resolve("plain"), "x");

    assertThat(ok("prepare", "--config", "azfuse.yaml", "plain").out())
        .isEqualTo("Nothing to do: plain is a plain local file, no rule has it\n");
    assertThat(cli.run("prepare", "--config", "azfuse.yaml", "missing").code()).isEqualTo(1);
    assertThat(cli.run("evict", "--config", "azfuse.yaml", "plain").err())
        .contains("plain is a plain local file");
  }

  @Test
  void refreshShowsWhatOthersChanged() throws Exception {
    put("f", "old");
    mountBelow("azfuse.yaml");
    assertThat(file("f")).hasContent("old");
    put("f", "newer");
    put("g", "new file");
    assertThat(file("f")).hasContent("old");

    ok("refresh", "data");

    assertThat(file("f")).hasContent("newer");
    assertThat(file("g")).hasContent("new file");
  }

  @Test
  void whatWasClosedSurvivesAKillAndIsSentByTheNextMountOverTheDeadOne() throws Exception {
    config("slow.yaml", "dev", "  upload_delay: 10m\n");
    MountProcess killed = mountBelow("slow.yaml");
    Files.writeString(file("precious"), "data");
    assertThat(ok("status").out()).contains("pending   1 file, 4 B");
    killed.signal("KILL");
    killed.end();
    assertThat(ok("mounts").out()).isEmpty();

    mountBelow("azfuse.yaml");
    assertThat(file("precious")).hasContent("data");
    ok("umount", "mnt");
    assertThat(blob("precious")).isEqualTo("data");
  }

  @Test
  void flushSendsWhatADeadMountLeftAndUmountClearsItAway() throws Exception {
    config("slow.yaml", "dev", "  upload_delay: 10m\n");
    MountProcess killed = mountBelow("slow.yaml");
    Files.writeString(file("precious"), "data");
    killed.signal("KILL");
    killed.end();

    assertThat(ok("flush", "--config", "azfuse.yaml").out()).contains("nothing is pending");
    assertThat(blob("precious")).isEqualTo("data");
    assertThat(ok("umount", "mnt").out()).contains("its daemon was dead");
    assertThat(mountPoint).isEmptyDirectory();
  }

  @Test
  void aTerminationUploadsUnmountsAndEndsWithZero() throws Exception {
    config("slow.yaml", "dev", "  upload_delay: 10m\n");
    MountProcess mount = mountBelow("slow.yaml");
    Files.writeString(file("a"), "A");

    mount.signal("TERM");

    assertThat(mount.end()).as(mount.said()).isZero();
    assertThat(blob("a")).isEqualTo("A");
    assertThat(mountPoint).isEmptyDirectory();
    assertThat(mount.said()).doesNotContain("Exception");
  }

  @Test
  void withoutADirectoryEachRuleIsMountedAtItsOwnPlace() throws Exception {
    put("abc.txt", "unchanged");
    mount("--config", "azfuse.yaml");

    assertThat(dir.resolve("data/abc.txt")).hasContent("unchanged");
    assertThat(ok("prepare", "--config", "azfuse.yaml", "data/abc.txt").out())
        .startsWith("Nothing to do");
    ok("umount", "data");
    assertThat(dir.resolve("data")).isEmptyDirectory();
  }

  @Test
  void aPlainUmountLetsTheDaemonFinishItsUploads() throws Exception {
    config("slow.yaml", "dev", "  upload_delay: 10m\n");
    MountProcess mount = mountBelow("slow.yaml");
    Files.writeString(file("a"), "A");

    assertThat(new ProcessBuilder("umount", mountPoint.toString()).start().waitFor()).isZero();

    assertThat(mount.end()).isZero();
    assertThat(blob("a")).isEqualTo("A");
  }

  @Test
  void aBusyMountIsNotUnmountedAndItsHolderIsNamed() throws Exception {
    put("f", "x");
    mountBelow("azfuse.yaml");
    Process holder = new ProcessBuilder("sleep", "600").directory(file("").toFile()).start();
    try {
      CliRunner.Result busy = cli.run("umount", "mnt");
      assertThat(busy.code()).isEqualTo(1);
      assertThat(busy.err())
          .contains("it is in use by ")
          .contains("(" + holder.pid() + ", working directory ")
          .contains("--lazy");
      assertThat(file("f")).hasContent("x");
    } finally {
      holder.destroyForcibly().waitFor();
    }
    ok("umount", "mnt");
  }

  @Test
  void withTheServiceDownItMountsOfflineWhereTheCacheHasSomething() throws Exception {
    try (AzuriteServer own = AzuriteServer.start()) {
      StorageAccount place =
          new StorageAccount(
              "own", "test", own.account(), own.key(), null, "kept", own.endpoint(), false);
      try (var opened = BlobServices.open(place, Map.of(), ClientOptions.DEFAULT)) {
        opened.service().createContainer("kept");
        opened
            .service()
            .put("kept", "pre/kept", BodySource.of(new byte[] {65, 66}), PutOptions.NONE);
      }
      account("own", own.endpoint(), own.key(), "kept");
      config("own.yaml", "own", "");
      ok("prepare", "--config", "own.yaml", "data");
    }

    MountProcess mount = mountBelow("own.yaml");

    assertThat(mount.said()).contains("offline: ");
    assertThat(file("kept")).hasContent("AB");
    assertThat(ok("status").out()).contains("service   offline");
    ok("umount", "mnt");
  }

  @Test
  void theSecondBindingServesTheSame() throws Exception {
    put("f", "same");
    mount(mountPoint.toString(), "--config", "azfuse.yaml", "--binding", "jnr");

    assertThat(file("f")).hasContent("same");
    Files.writeString(file("g"), "G");
    assertThat(ok("status").out()).contains("binding     jnr");
    ok("umount", "mnt");
    assertThat(blob("g")).isEqualTo("G");
  }

  private void refused(int code, String sentence, String... args) {
    CliRunner.Result result = cli.run(args);
    assertThat(result.err().lines()).as(result.err()).hasSize(1);
    assertThat(result.err()).startsWith("azcp: ").contains(sentence);
    assertThat(result.code()).isEqualTo(code);
    assertThat(result.out()).isEmpty();
    assertThat(cli.run("mounts").out()).isEmpty();
  }

  @Test
  void badInputIsOneSentenceAtOnce() throws Exception {
    String mnt = mountPoint.toString();
    refused(
        1,
        "it does not exist; create the directory",
        "mount",
        dir + "/no",
        "--config",
        "azfuse.yaml");
    refused(2, "there is no such file", "mount", mnt, "--config", "none.yaml");
    Files.writeString(dir.resolve("file"), "");
    refused(1, "it is not a directory", "mount", dir + "/file", "--config", "azfuse.yaml");
    Files.createFile(Files.createDirectory(dir.resolve("full")).resolve("x"));
    refused(1, "it is not empty", "mount", dir + "/full", "--config", "azfuse.yaml");
    refused(2, "which the mount itself needs", "mount", dir.toString(), "--config", "azfuse.yaml");

    account("missing", azurite.endpoint(), azurite.key(), "no-such-container");
    config("missing.yaml", "missing", "");
    refused(1, "ContainerNotFound", "mount", mnt, "--config", "missing.yaml");
    account("wrong", azurite.endpoint(), "d3Jvbmc=", container);
    config("wrong.yaml", "wrong", "");
    refused(1, "check the key of account", "mount", mnt, "--config", "wrong.yaml");
    account("down", "http://127.0.0.1:9/" + azurite.account(), azurite.key(), container);
    config("down.yaml", "down", "");
    refused(1, "cannot be reached", "mount", mnt, "--config", "down.yaml");
    Files.writeString(
        dir.resolve("nocache.yaml"),
        "- {cache: /proc/nocache, local: data, remote: pre, storage_account: dev}\n");
    refused(1, "/proc/nocache cannot be used", "mount", mnt, "--config", "nocache.yaml");
    Files.writeString(
        dir.resolve("outside.yaml"),
        "- {cache: cache2, local: /elsewhere, remote: pre, storage_account: dev}\n");
    refused(2, "lies outside of", "mount", mnt, "--config", "outside.yaml");

    refused(2, "umount needs either directories or --all", "umount");
    refused(1, "no mount of yours is at", "umount", mnt);
    refused(1, "no mount of yours serves", "status", mnt);
    refused(1, "nothing can be flushed", "flush");
    refused(2, "is no umask", "mount", mnt, "--umask", "9");
    assertThat(mountPoint).isEmptyDirectory();
  }
}
