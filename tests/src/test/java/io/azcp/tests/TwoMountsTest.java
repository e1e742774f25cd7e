package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;

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
