package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every blob name either reads back right through the mount or is reported. */
class NamesFromHellTest {
  private static final List<String> NAMES =
      List.of("a/b", "x%41y", "sp ace", "ha#sh", "ünï/çødé", "trailing ", "q?x&y=z+w", "'quote'");

  // semantics: names
  @ParameterizedTest
  @ValueSource(strings = {"kernel", "jnr"})
  void readBack(String binding) throws Exception {
    try (Lab lab = new Lab()) {
      lab.rule("data", "");
      for (String name : NAMES) {
        lab.upload(name, "content of " + name);
      }
      lab.upload("a", "hidden by the directory a");
      String tooLong = "n".repeat(300);
      lab.upload(tooLong, "no file system holds a part of 300 bytes");
      lab.upload("whole/" + "p/".repeat(100) + "end", "a long path of short parts");

      Checkout.Result mounted = lab.mount("--binding", binding);
      assertThat(mounted.code()).as(mounted.toString()).isZero();
      for (String name : NAMES) {
        assertThat(cat(lab, name)).isEqualTo("content of " + name);
      }
      assertThat(cat(lab, "whole/" + "p/".repeat(100) + "end"))
          .isEqualTo("a long path of short parts");
      String listing = shell(lab, "ls -1 data | sort");
      assertThat(listing.lines())
          .containsExactlyInAnyOrder(
              "a", "x%41y", "sp ace", "ha#sh", "ünï", "trailing ", "q?x&y=z+w", "'quote'", "whole");
      assertThat(shell(lab, "test -d data/a && echo directory")).isEqualTo("directory\n");

      Checkout.Result status = lab.azcp("status", lab.mountPoint.toString());
      assertThat(status.out())
          .as("the blob behind the directory and the 300-byte name are reported")
          .contains("hidden    2 names");
      assertThat(lab.umount().code()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"kernel", "jnr"})
  void writeBack(String binding) throws Exception {
    try (Lab lab = new Lab()) {
      lab.rule("data", "out");
      assertThat(lab.mount("--binding", binding).code()).isZero();
      for (String name : NAMES) {
        shell(lab, "mkdir -p \"$(dirname \"data/$1\")\" && printf '%s' \"$1\" > \"data/$1\"", name);
      }
      assertThat(lab.umount().code()).isZero();
      for (String name : NAMES) {
        assertThat(new String(lab.download("out/" + name), StandardCharsets.UTF_8)).isEqualTo(name);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"kernel", "jnr"})
  void emptyContainer(String binding) throws Exception {
    try (Lab lab = new Lab()) {
      lab.rule("data", "");
      assertThat(lab.mount("--binding", binding).code()).isZero();
      assertThat(shell(lab, "ls -A data")).isEmpty();
      assertThat(shell(lab, "cat data/none 2>&1 || true")).contains("No such file or directory");
      assertThat(lab.umount().code()).isZero();
    }
  }

  private static String cat(Lab lab, String name) {
    return shell(lab, "cat \"data/$1\"", name);
  }

  /** Runs a shell in the mount point; names go through UTF-8 whatever the test's locale. */
  private static String shell(Lab lab, String script, String... arguments) {
    return shell(lab.mountPoint, script, arguments);
  }

  /** The same in any folder. */
  static String shell(Path folder, String script, String... arguments) {
    StringBuilder text = new StringBuilder();
    for (String argument : arguments) {
      text.append(" $'");
      for (byte b : argument.getBytes(StandardCharsets.UTF_8)) {
        text.append(String.format("\\x%02x", b));
      }
      text.append('\'');
    }
    String line = "set -e; f() { " + script + "; }; f" + text;
    Checkout.Result result =
        Checkout.run(folder, Map.of("LC_ALL", "C.UTF-8"), List.of("bash", "-c", line));
    assertThat(result.code()).as(result.toString()).isZero();
    return result.out();
  }
}
