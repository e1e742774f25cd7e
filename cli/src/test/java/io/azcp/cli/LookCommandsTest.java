package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** ls of a path, du, stat and completion. */
class LookCommandsTest extends BlobCommandsCase {
  @Test
  void aLocalDirectoryIsListedAsARemoteOneIs() throws Exception {
    file("src/b", "12");
    file("src/a/c", "3");
    CliRunner.Result human = done(cli.run("ls", "src"));
    assertThat(human.lines().get(0)).isEqualTo("  a/" + " ".repeat(66) + "<DIR>");
    assertThat(human.lines().get(1)).startsWith("  b" + " ".repeat(69) + "2 B ");
    assertThat(Instant.parse(human.lines().get(1).substring(76))).isBefore(Instant.now());
    assertThat(human.lines().get(2)).isEqualTo("1 dir(s), 1 blob(s), 2 B");
    assertThat(cli.run("ls", "-r", "--machine-readable", "src").lines())
        .map(line -> line.substring(0, line.lastIndexOf('\t')))
        .containsExactlyInAnyOrder("b\t2", "a/c\t1");
    assertThat(cli.run("ls", "--machine-readable", "src/b").lines())
        .singleElement()
        .asString()
        .startsWith("b\t2\t");
  }

  @Test
  void diskUsageAddsUpByDirectory() throws Exception {
    file("src/b", "12");
    file("src/a/c", "3");
    file("src/a/d/e", "4567");
    done(cli.run("copy", "-r", "src", url + "/p"));
    assertThat(done(cli.run("du", url)).out()).isEqualTo("           7 B         3 files  total\n");
    for (String place : new String[] {url + "/p", "src"}) {
      assertThat(done(cli.run("du", "--depth=2", "--machine-readable", place)).lines())
          .containsSubsequence("4\t1\ta/d/", "5\t2\ta/")
          .endsWith("7\t3\ttotal");
    }
    refused(1, cli.run("du", url + "/none"), "none");
    refused(2, cli.run("du", url, "--depth=-1"), "--depth");
  }

  @Test
  void whatIsThereIsTold() throws Exception {
    file("src/a/c", "3");
    done(cli.run("copy", "-r", "src", url));
    assertThat(done(cli.run("stat", url)).lines())
        .contains("  type:                container", "  name:                " + name);
    assertThat(done(cli.run("stat", url + "/a")).lines())
        .startsWith("  type:                directory", "  name:                a/");
    assertThat(done(cli.run("stat", url + "/a/")).out()).contains("directory");
    refused(1, cli.run("stat", url + "/none"), "none");
    refused(1, cli.run("stat", url + "-none"), "ContainerNotFound");
    refused(1, cli.run("stat", url + "/a/c/"), "a/c/");
  }

  @Test
  void aShellLearnsCommandsAndWords() {
    assertThat(done(cli.run("completion", "bash")).out())
        .contains("complete -F", "ifSourceNewer", "--include-pattern");
    assertThat(done(cli.run("completion", "zsh")).out()).startsWith("autoload");
    refused(2, cli.run("completion", "fish"), "bash, zsh");
  }
}
