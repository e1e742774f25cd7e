package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class AzcpTest {
  private final CliRunner cli = new CliRunner(Path.of("/"));

  @Test
  void versionIsThatOfTheBuild() {
    CliRunner.Result result = cli.run("-V");
    assertThat(result.code()).isZero();
    assertThat(result.out()).matches("azcp \\d+\\.\\d+\\.\\d+\\S*\\R");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void helpGoesToStandardOutput() {
    CliRunner.Result result = cli.run("--help");
    assertThat(result.code()).isZero();
    assertThat(result.out()).startsWith("Usage: azcp");
  }

  @Test
  void withoutACommandTheUsageGoesToStandardErrorAndTheExitCodeIsTwo() {
    CliRunner.Result result = cli.run();
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("Usage: azcp", "prepare");
  }

  @Test
  void anUnknownCommandIsOneSentenceAndExitCodeTwo() {
    CliRunner.Result result = cli.run("frobnicate");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err().lines()).singleElement().asString().startsWith("azcp: ");
    assertThat(result.err()).contains("there is no command 'frobnicate'");
  }

  @Test
  void anUnknownLogLevelNamesTheAllowedOnes() {
    CliRunner.Result result = cli.run("--log-level", "loud");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("warn").contains("loud");
  }

  @Test
  void onlyTheCommandThatIsNamedIsRead() {
    var invocation = Invocation.ofProcess();
    assertThat(Azcp.program(invocation, new GlobalOptions(), "list", "x").getSubcommands())
        .containsOnlyKeys("ls", "list");
    var all = Azcp.program(invocation, new GlobalOptions()).getSubcommands();
    assertThat(all).hasSizeGreaterThan(15).containsKeys("copy", "cp", "mount");
    // Each is found by every name it has.
    for (String name : all.keySet()) {
      assertThat(Azcp.program(invocation, new GlobalOptions(), name).getSubcommands())
          .containsKey(name);
    }
  }
}
