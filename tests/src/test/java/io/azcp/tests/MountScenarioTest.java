package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users do on a mount, on both bindings, checked through an independent client. */
class MountScenarioTest {
  // semantics: rename
  @ParameterizedTest
  @ValueSource(strings = {"kernel", "jnr"})
  void checkpoint(String binding) throws Exception {
    try (Lab lab = new Lab()) {
      lab.rule("models", "ckpt");
      Checkout.Result mounted = lab.mount("--binding", binding);
      assertThat(mounted.code()).as(mounted.toString()).isZero();
      Path models = lab.mountPoint.resolve("models");
      byte[] content = new byte[9_000_001];
      for (int round = 0; round < 3; round++) {
        new Random(round).nextBytes(content);
        Path temporary = models.resolve("step.tmp");
        Files.write(temporary, content);
        Files.move(
            temporary,
            models.resolve("last.pt"),
            java.nio.file.StandardCopyOption.REPLACE_EXISTING,
            java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        assertThat(Files.readAllBytes(models.resolve("last.pt"))).isEqualTo(content);
      }
      assertThat(lab.umount().code()).isZero();
      assertThat(lab.download("ckpt/last.pt")).isEqualTo(content);
      assertThat(lab.sdk().listBlobs().stream().map(b -> b.getName()))
          .containsExactly("ckpt/last.pt");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"kernel", "jnr"})
  void editRenameRemove(String binding) throws Exception {
    try (Lab lab = new Lab()) {
      lab.upload("d/old.txt", "one\n");
      lab.upload("d/gone.txt", "to be removed");
      lab.upload("d/moved/x", "x");
      lab.rule("data", "d");
      assertThat(lab.mount("--binding", binding).code()).isZero();
      Path data = lab.mountPoint.resolve("data");
      Files.writeString(data.resolve("old.txt"), "two\n", StandardOpenOption.APPEND);
      Files.delete(data.resolve("gone.txt"));
      Files.move(data.resolve("moved"), data.resolve("here"));
      Files.createDirectory(data.resolve("empty"));
      Files.createSymbolicLink(data.resolve("link"), Path.of("old.txt"));
      assertThat(Files.readString(data.resolve("link"))).isEqualTo("one\ntwo\n");
      assertThat(lab.umount().code()).isZero();

      assertThat(new String(lab.download("d/old.txt"), StandardCharsets.UTF_8))
          .isEqualTo("one\ntwo\n");
      assertThat(lab.sdk().listBlobs().stream().map(b -> b.getName()))
          .contains("d/here/x", "d/empty", "d/link")
          .doesNotContain("d/gone.txt", "d/moved/x");

      Checkout.run(Path.of("/"), Map.of(), List.of("rm", "-rf", lab.cache.toString()));
      assertThat(lab.mount("--binding", binding).code()).isZero();
      assertThat(Files.readString(data.resolve("link"))).isEqualTo("one\ntwo\n");
      assertThat(Files.isSymbolicLink(data.resolve("link"))).isTrue();
      assertThat(Files.isDirectory(data.resolve("empty"))).isTrue();
      assertThat(Files.readString(data.resolve("here/x"))).isEqualTo("x");
      assertThat(lab.umount().code()).isZero();
    }
  }

  /** As tail -f does. */
  // semantics: data
  @ParameterizedTest
  @ValueSource(strings = {"kernel", "jnr"})
  void aReaderFollowsAppendsAcrossUploads(String binding) throws Exception {
    try (Lab lab = new Lab()) {
      lab.rule("data", "d", "upload_delay: 0s");
      assertThat(lab.mount("--binding", binding).code()).isZero();
      Path data = lab.mountPoint.resolve("data");
      Path log = Files.write(data.resolve("log"), new byte[200_000]);
      lab.ok("flush", data.toString());
      try (FileChannel reader = FileChannel.open(log, StandardOpenOption.READ)) {
        for (int i = 0; i < 3; i++) {
          Files.writeString(log, "more", StandardOpenOption.APPEND);
          ByteBuffer back = ByteBuffer.allocate(4);
          assertThat(reader.read(back, 200_000 + 4L * i)).as("append %d", i).isEqualTo(4);
          assertThat(back.array()).isEqualTo("more".getBytes(StandardCharsets.UTF_8));
          lab.ok("flush", data.toString());
        }
      }
      assertThat(lab.umount().code()).isZero();
    }
  }

  @Test
  void rulesMountAtTheirOwnPlaces() throws Exception {
    try (Lab lab = new Lab()) {
      lab.upload("azfuse_data/abc.txt", "hello");
      lab.rule("data", "azfuse_data");
      Checkout.Result mounted = lab.azcp("mount", "--config", lab.config().toString());
      assertThat(mounted.code()).as(mounted.toString()).isZero();
      Checkout.Result job =
          Checkout.run(
              lab.folder, Map.of(), List.of("python3", "-c", "print(open('data/abc.txt').read())"));
      assertThat(job.out()).isEqualTo("hello\n");
      assertThat(lab.azcp("mounts").out()).contains(lab.folder.resolve("data").toString());
      assertThat(lab.azcp("umount", "data").code()).isZero();
    }
  }

  @Test
  void prepareTwice() throws Exception {
    try (Lab lab = new Lab()) {
      for (int i = 0; i < 30; i++) {
        lab.upload("d/images/" + i + ".jpg", new byte[1000 + i]);
      }
      lab.rule("data", "d");
      Checkout.Result first =
          lab.azcp("prepare", "data/images", "--config", lab.config().toString());
      assertThat(first.code()).as(first.toString()).isZero();
      assertThat(lab.cache.resolve("data/images/7.jpg")).hasSize(1007);
      assertThat(lab.mount().code()).isZero();
      Checkout.Result second = lab.azcp("prepare", lab.mountPoint.resolve("data").toString());
      assertThat(second.code()).as(second.toString()).isZero();
      assertThat(second.out() + second.err()).contains("30").doesNotContain("fetched 30");
      Checkout.Result none = lab.azcp("prepare", lab.mountPoint.resolve("data/none").toString());
      assertThat(none.code()).isEqualTo(1);
      assertThat(none.err()).contains("none");
      assertThat(lab.umount().code()).isZero();
    }
  }

  // semantics: close-remote
  @Test
  void closeRemoteWaitsForTheCommit() throws Exception {
    try (Lab lab = new Lab()) {
      lab.rule("data", "d", "close: remote");
      assertThat(lab.mount().code()).isZero();
      Files.writeString(lab.mountPoint.resolve("data/now"), "committed");
      assertThat(new String(lab.download("d/now"), StandardCharsets.UTF_8)).isEqualTo("committed");
      assertThat(lab.umount().code()).isZero();
    }
  }
}
