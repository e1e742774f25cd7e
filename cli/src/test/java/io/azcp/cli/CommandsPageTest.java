package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CommandsPageTest {
  private static final String REWRITE = "azcp.docs.write";

  private static CommandLine program() {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return Azcp.program(
        new Invocation(
            Map.of(),
            Path.of("/"),
            new ByteArrayInputStream(new byte[0]),
            nowhere,
            nowhere,
            false,
            false,
            action -> {},
            code -> {}),
        new GlobalOptions());
  }

  /** The committed page is the generated one; {@code -Dazcp.docs.write=true} rewrites it. */
  @Test
  void isTheCommittedPage() throws Exception {
    Path page = root().resolve("docs/reference/commands.md");
    String generated = CommandsPage.render(program());
    if (Boolean.getBoolean(REWRITE)) {
      Files.writeString(page, generated);
    }
    assertThat(page)
        .as("rewritten by -D" + REWRITE + "=true")
        .usingCharset(StandardCharsets.UTF_8)
        .hasContent(generated);
  }

  @Test
  void everyOptionAndParameterIsDescribed() {
    for (CommandLine command : program().getSubcommands().values()) {
      command
          .getCommandSpec()
          .args()
          .forEach(
              arg ->
                  assertThat(arg.description())
                      .as(command.getCommandName() + " " + arg)
                      .isNotEmpty());
    }
  }

  private static Path root() {
    Path dir = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(dir.resolve("docs"))) {
      dir = dir.getParent();
      assertThat(dir).as("a folder above with docs").isNotNull();
    }
    return dir;
  }
}
