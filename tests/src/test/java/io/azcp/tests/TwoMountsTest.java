package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.transfer.blob.AzuriteServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two caches of the same blobs write the same names. */
class TwoMountsTest {
  private static final String HELD = "upload_delay: 1h";
  private static final long SECOND_MILLIS = 1000;

  private static void laterSecond() throws InterruptedException {
    long now = System.currentTimeMillis() / SECOND_MILLIS;
    while (System.currentTimeMillis() / SECOND_MILLIS == now) {
      Thread.sleep(20);
    }
  }

  private static String text(Lab lab, String blob) {
    return new String(lab.download(blob), StandardCharsets.UTF_8);
  }

  private static List<String> kept(Lab lab, String name) {
    return lab.blobs().stream().filter(b -> b.startsWith(name + ".conflict-")).toList();
  }

  @Test
  void theLaterWholeFileHasTheNameAndTheOtherIsKeptAndTold() throws Exception {
    try (Lab lab = new Lab()) {
      lab.rule("one", "data", HELD).rule("two", "data", HELD);
      assertThat(lab.mount().code()).isZero();
      Path one = lab.mountPoint.resolve("one");
      Path two = lab.mountPoint.resolve("two");

      Files.writeString(one.resolve("a"), "older");
      laterSecond();
      Files.writeString(two.resolve("a"), "later");
      lab.ok("flush", two.toString());
      Checkout.Result refused = lab.azcp("flush", one.toString());
      assertThat(refused.code()).as(refused.toString()).isEqualTo(1);
      String beside = kept(lab, "data/a").get(0);
      assertThat(refused.err()).contains("a was written").contains(beside.substring(5));
      assertThat(text(lab, "data/a")).isEqualTo("later");
      assertThat(text(lab, beside)).isEqualTo("older");
      assertThat(lab.ok("status").out()).contains("conflict  a was written");
      lab.ok("flush", one.toString());

      Files.writeString(two.resolve("b"), "older");
      lab.ok("flush", two.toString());
      laterSecond();
      Files.writeString(one.resolve("b"), "later");
      lab.ok("flush", one.toString());
      assertThat(text(lab, "data/b")).isEqualTo("later");

      Files.writeString(one.resolve("log"), "begin ");
      lab.ok("flush", one.toString());
      lab.ok("refresh", two.toString());
      Files.writeString(two.resolve("log"), "two", StandardOpenOption.APPEND);
      lab.ok("flush", two.toString());
      laterSecond();
      Files.writeString(one.resolve("log"), "one", StandardOpenOption.APPEND);
      assertThat(lab.azcp("flush", one.toString()).code()).isEqualTo(1);
      assertThat(text(lab, "data/log")).isEqualTo("begin two");
      assertThat(text(lab, kept(lab, "data/log").get(0))).isEqualTo("begin one");
      assertThat(lab.umount().code()).isZero();
    }
  }

  /** Changes a file in place. */
  private static void change(Path file, int offset, String text) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), offset);
    }
  }

  // semantics: conflict
  @ParameterizedTest
  @ValueSource(strings = {"overwrite", "keep"})
  void aReplayNeverReplacesWhatTheOtherMountWroteMeanwhile(String mode) throws Exception {
    try (Lab lab = new Lab();
        Lab other = new Lab()) {
      other.account("account", AzuriteServer.shared().key(), lab.container);
      List<String> names = List.of("whole", "changed", "appended", "replaced");
      for (String name : names.subList(1, 4)) {
        lab.upload("data/" + name, "begin ");
      }
      lab.rule("data", "data", HELD, "on_conflict: " + mode);
      other.rule("data", "data", HELD, "on_conflict: " + mode);
      assertThat(lab.mount().code()).isZero();
      assertThat(other.mount().code()).isZero();
      Path one = lab.mountPoint.resolve("data");
      Path two = other.mountPoint.resolve("data");

      Files.writeString(one.resolve("whole"), "one");
      change(one.resolve("changed"), 0, "ONE");
      Files.writeString(one.resolve("appended"), "one", StandardOpenOption.APPEND);
      Files.writeString(one.resolve("temporary"), "renamed");
      Files.move(one.resolve("temporary"), one.resolve("replaced"), StandardCopyOption.ATOMIC_MOVE);
      lab.killDaemons();

      laterSecond();
      for (String name : names) {
        Files.writeString(two.resolve(name), "two");
      }
      other.ok("flush", two.toString());
      assertThat(lab.mount().code()).isZero();
      assertThat(lab.azcp("flush", one.toString()).code()).isEqualTo(1);
      for (String name : names) {
        assertThat(text(lab, "data/" + name)).as(name).isEqualTo("two");
        assertThat(kept(lab, "data/" + name)).as(name).hasSize(1);
        assertThat(one.resolve(name)).hasContent("two");
      }
      assertThat(names.stream().map(n -> text(lab, kept(lab, "data/" + n).get(0))))
          .containsExactly("one", "ONEin ", "begin one", "renamed");
      assertThat(lab.umount().code()).isZero();
      assertThat(other.umount().code()).isZero();
    }
  }

  @Test
  void underKeepTheServiceHasTheNameAndUnderExclRemoteOneOfTwoGetsIt() throws Exception {
    String[] options = {HELD, "on_conflict: keep", "excl: remote"};
    try (Lab lab = new Lab()) {
      lab.rule("one", "data", options).rule("two", "data", options);
      assertThat(lab.mount().code()).isZero();
      Path one = lab.mountPoint.resolve("one");
      Path two = lab.mountPoint.resolve("two");
      assertThat(one).isEmptyDirectory();
      assertThat(two).isEmptyDirectory();

      Files.writeString(one.resolve("a"), "first");
      laterSecond();
      Files.writeString(two.resolve("a"), "second");
      lab.ok("flush", one.toString());
      assertThat(lab.azcp("flush", two.toString()).code()).isEqualTo(1);
      assertThat(text(lab, "data/a")).isEqualTo("first");
      assertThat(text(lab, kept(lab, "data/a").get(0))).isEqualTo("second");

      Files.writeString(one.resolve("log"), "begin ");
      lab.ok("flush", one.toString());
      lab.ok("refresh", two.toString());
      change(two.resolve("log"), 0, "TWO");
      lab.ok("flush", two.toString());
      laterSecond();
      change(one.resolve("log"), 6, "one");
      assertThat(lab.azcp("flush", one.toString()).code()).isEqualTo(1);
      assertThat(text(lab, "data/log")).isEqualTo("TWOin ");
      assertThat(text(lab, kept(lab, "data/log").get(0))).isEqualTo("begin one");

      Files.writeString(one.resolve("lock"), "mine", StandardOpenOption.CREATE_NEW);
      assertThatThrownBy(
              () -> Files.writeString(two.resolve("lock"), "x", StandardOpenOption.CREATE_NEW))
          .isInstanceOf(FileAlreadyExistsException.class);
      lab.ok("flush", one.toString());
      assertThat(text(lab, "data/lock")).isEqualTo("mine");
      assertThat(lab.umount().code()).isZero();
    }
  }
}
