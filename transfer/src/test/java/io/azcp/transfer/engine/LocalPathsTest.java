package io.azcp.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Run under LANG=C, where Java itself can neither read nor give a name that is not ASCII. */
class LocalPathsTest {
  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(
      strings = {"plain", "ünï", "日本", "x%41y", "sp ace", "ha#sh", "a?b", "tab\t", "😀", "a+b"})
  void aNameIsWrittenAndReadBackAsItsUtf8Bytes(String name) throws Exception {
    Files.write(LocalPaths.resolve(dir, name), new byte[1]);
    try (Stream<Path> entries = Files.list(dir)) {
      assertThat(LocalPaths.name(entries.findFirst().orElseThrow())).isEqualTo(name);
    }
    Process ls = new ProcessBuilder("ls", "-N", dir.toString()).start();
    String listed = new String(ls.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(ls.waitFor()).isZero();
    assertThat(listed).isEqualTo(name + "\n");
  }

  @Test
  void pathsAreTakenAsAUserGivesThem() {
    assertThat(LocalPaths.of(Path.of("/work"), "/abs/x")).isEqualTo(Path.of("/abs/x"));
    assertThat(LocalPaths.of(Path.of("/work"), "rel/x")).isEqualTo(Path.of("/work/rel/x"));
    assertThat(LocalPaths.of(Path.of("/"), "ü").toUri().getRawPath()).isEqualTo("/%C3%BC");
  }

  @Test
  void bytesThatAreNotUtf8AreRefusedAndNamed() throws Exception {
    Path odd = Path.of(URI.create("file://" + dir.toUri().getRawPath() + "bad-%FF"));
    Files.write(odd, new byte[1]);
    assertThatThrownBy(() -> LocalPaths.name(odd)).hasMessageContaining("bad-%FF");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../x", "a/..", "a//b", "/a", "a/", "", ".", "a/./b", "nul\0"})
  void noPathHoldsThese(String name) {
    assertThat(LocalPaths.holds(name)).isFalse();
  }

  @Test
  void aPartMayHave255BytesAndNotMore() {
    assertThat(LocalPaths.holds("d/" + "n".repeat(255) + "/x")).isTrue();
    assertThat(LocalPaths.holds("n".repeat(256))).isFalse();
    assertThat(LocalPaths.holds("ü".repeat(127) + "n")).isTrue();
    assertThat(LocalPaths.holds("ü".repeat(128))).isFalse();
    assertThat(LocalPaths.holds("..a/...")).isTrue();
  }
}
