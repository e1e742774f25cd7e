package io.azcp.fs.fuse.jnr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.azcp.fs.fuse.Binding;
import io.azcp.fs.fuse.FileSystemPort;
import io.azcp.fs.fuse.MountContract;
import io.azcp.fs.fuse.MountOptions;
import io.azcp.fs.fuse.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The jnr-fuse binding: the common contract, and that paths are given back. */
class JnrMountTest extends MountContract {
  @BeforeAll
  static void needsLibfuse() throws Exception {
    assumeTrue(
        Shell.sh("ls /usr/lib/*/libfuse.so.2 /lib/*/libfuse.so.2 2>/dev/null | grep -q .").status()
            == 0,
        "libfuse2 is not installed");
  }

  @Override
  protected Binding mount(MountOptions options, FileSystemPort port) throws IOException {
    return JnrBinding.mount(options, port);
  }

  @Override
  protected String name() {
    return "jnr";
  }

  @Test
  void givesBackEveryLookup() throws Exception {
    Files.createDirectories(root.resolve("a/b"));
    Files.writeString(root.resolve("a/b/file"), "text");
    Files.move(root.resolve("a/b"), root.resolve("c"));
    Files.readString(root.resolve("c/file"));
    Files.delete(root.resolve("c/file"));
    fixture.binding().unmount(false);
    fixture.binding().awaitEnd();
    assertThat(fixture.tree().calls("lookup")).isPositive();
    assertThat(fixture.tree().lookups()).isZero();
    assertThat(fixture.tree().calls("forgotten too often")).isZero();
  }

  @Test
  void keepsPagesOfUnchangedFiles() throws IOException {
    Path file = root.resolve("small");
    Files.writeString(file, "text");
    Files.readString(file);
    Files.readString(file);
    int reads = fixture.tree().calls("read");
    assertThat(Files.readString(file)).isEqualTo("text");
    assertThat(fixture.tree().calls("read")).isEqualTo(reads);
  }

  @Test
  void aReadWithoutAnAnswerFailsAtItsDeadline() throws Exception {
    fixture.binding().unmount(false);
    fixture.binding().awaitEnd();
    fixture.mount(this::mount, fixture.options().withRequestDeadline(Duration.ofSeconds(3)));
    Files.writeString(root.resolve("never-file"), "text");
    assertThat(Shell.sh("cat \"$1\"", root.resolve("never-file")).output())
        .contains("Input/output error");
    await().atMost(Duration.ofMinutes(1)).until(() -> fixture.tree().opens() == 0);
  }
}
