package io.azcp.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OptionsPageTest {
  private static final String REWRITE = "azcp.docs.write";

  /** The committed page is the generated one; {@code -Dazcp.docs.write=true} rewrites it. */
  @Test
  void isTheCommittedPage() throws IOException {
    Path page = root().resolve("docs/reference/config.md");
    String generated = OptionsPage.render();
    if (Boolean.getBoolean(REWRITE)) {
      Files.createDirectories(page.getParent());
      Files.writeString(page, generated);
    }
    assertThat(page).as("rewritten by -D" + REWRITE + "=true").hasContent(generated);
  }

  @Test
  void namesEveryOptionWithItsDefault() {
    for (RuleKey key : RuleKey.values()) {
      assertThat(OptionsPage.render())
          .contains("| `" + key.key() + "` | " + key.allowed() + " | " + key.fallback() + " |");
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
