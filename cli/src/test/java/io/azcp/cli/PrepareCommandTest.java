package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** prepare with lists, orders and checks, without a mount. */
class PrepareCommandTest extends MappedCommandsCase {
  @Test
  void aListIsFetchedAndWhatIsNotThereIsNamedAfterwards() throws Exception {
    put("d/a", "1");
    put("d/b", "22");
    put("e/c", "333");
    file("plain", "x");
    file("list", "# mine\ndata/d/a\t1\ndata/none\t5\n\ndata/e\nplain\nnowhere\n");

    CliRunner.Result result = cli.run("prepare", "--manifest", "list", "data/d/*");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).startsWith("Prepared: 3 files, 6 B in ");
    assertThat(result.out()).contains("  Failed: 2\n");
    assertThat(result.err())
        .isEqualTo(
            """
            azcp: there is no file nowhere, and no rule and no mount has it
            azcp: there is no file or directory none
            """);
    assertThat(cached("d/a")).hasContent("1");
    assertThat(cached("d/b")).hasContent("22");
    assertThat(cached("e/c")).hasContent("333");
  }

  @Test
  void aListComesFromStandardInput() throws Exception {
    put("a", "1");
    put("b", "2");
    cli.typing("path\tsize\ndata/a\t1\r\ndata/b\t1".getBytes(StandardCharsets.UTF_8));
    assertThat(done(cli.run("d", "--manifest", "-")).out()).startsWith("Prepared: 2 files, 2 B");
    assertThat(done(cli.run("download", "data/a")).out()).startsWith("Nothing to do");
  }

  @Test
  void aCheckTellsWhatIsCached() throws Exception {
    put("a", "1");
    put("b", "22");
    done(cli.run("prepare", "data/a"));
    CliRunner.Result some = cli.run("prepare", "--check", "data");
    assertThat(some.code()).isEqualTo(1);
    assertThat(some.err()).isEmpty();
    assertThat(some.out()).isEqualTo("In the cache: 1 file, 1 B\n  Missing: 1 file, 2 B\n");
    assertThat(cached("b")).doesNotExist();
    done(cli.run("prepare", "data"));
    assertThat(done(cli.run("prepare", "--check", "data")).out())
        .isEqualTo("In the cache: 2 files, 3 B\n");
    CliRunner.Result none = cli.run("prepare", "--check", "data/none");
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.out()).isEqualTo("In the cache: 0 files, 0 B\n  Failed: 1\n");
    assertThat(cli.run("--output-type=json", "prepare", "--check", "data").out())
        .startsWith(
            "{\"type\":\"summary\",\"command\":\"prepare\",\"files\":0,\"bytes\":0,"
                + "\"filesThere\":2,\"bytesThere\":3,\"filesMissing\":0,\"bytesMissing\":0,"
                + "\"skipped\":0,\"failed\":0,\"seconds\":");
  }

  @Test
  void anOrderIsAListToo() throws Exception {
    put("a", "1");
    put("b", "2");
    file("order", "data/b\ndata/a\ndata/b\n");
    assertThat(done(cli.run("prepare", "--order", "order")).out()).startsWith("Prepared: 2 files");
    assertThat(done(cli.run("prepare", "--order", "order", "--ahead", "1GiB")).out())
        .startsWith("Nothing to do");
  }

  @Test
  void wrongCallsAreUsageErrors() throws Exception {
    file("list", "data/a\t1\ndata/b\tmany\n");
    refused(2, cli.run("prepare"), "nothing is named");
    refused(2, cli.run("prepare", "--manifest", "list"), "line 2 of list", "'many'");
    refused(1, cli.run("prepare", "--manifest", "none"), "cannot read the list none");
    refused(2, cli.run("prepare", "--manifest", "list", "--order", "list"), "contradict");
    refused(2, cli.run("prepare", "--ahead", "1GiB", "data"), "--order");
    refused(2, cli.run("prepare", "--check", "--pin", "data"), "--check");
    refused(2, cli.run("prepare", "--background", "--manifest", "-"), "standard input");
  }
}
