package io.azcp.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
  @TempDir Path dir;

  private Path file(String name) throws Exception {
    return Files.write(dir.resolve(name), new byte[3]);
  }

  @Test
  void whatNobodyHoldsIsRemovedAtTheEndAndNotBefore() throws Exception {
    Path left = file(".azcp-0123456789abcdef");
    Path other = file("azcp-0123456789abcdef");
    var leftovers = new Leftovers();
    leftovers.look(dir);
    assertThat(left).exists();
    leftovers.remove();
    assertThat(left).doesNotExist();
    assertThat(other).exists();
  }

  /** Another run's small file gets its name a moment after it was found without a lock. */
  @Test
  void aFileThatGetsItsNameMeanwhileStays() throws Exception {
    Path small = file(".azcp-0123456789abcdef");
    var leftovers = new Leftovers();
    leftovers.look(dir);
    Path published = Files.move(small, dir.resolve("published"));
    leftovers.remove();
    assertThat(published).exists();
  }
}
