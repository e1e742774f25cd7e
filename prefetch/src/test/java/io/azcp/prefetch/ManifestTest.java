package io.azcp.prefetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.UsageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManifestTest {
  private static List<Manifest.Line> read(byte[] bytes) throws IOException {
    List<Manifest.Line> lines = new ArrayList<>();
    try (var manifest = new Manifest("list", new ByteArrayInputStream(bytes))) {
      for (Manifest.Line line = manifest.next(); line != null; line = manifest.next()) {
        lines.add(line);
      }
    }
    return lines;
  }

  private static List<Manifest.Line> read(String text) throws IOException {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void linesAndTablesAreRead() throws IOException {
    assertThat(read("a\n\n# no\nd/ü b\t12\r\nc\t7\t2026-01-01\n"))
        .containsExactly(
            new Manifest.Line("a", -1), new Manifest.Line("d/ü b", 12), new Manifest.Line("c", 7));
    assertThat(read("name\tsize\na\t1")).containsExactly(new Manifest.Line("a", 1));
    assertThat(read("")).isEmpty();
  }

  @Test
  void whatALineSaysItReadsAgain() throws IOException {
    for (Manifest.Line line : List.of(new Manifest.Line("a", -1), new Manifest.Line("a b", 0))) {
      assertThat(read(line.text())).containsExactly(line);
    }
  }

  @Test
  void aWrongSizeIsNamedWithItsLine() {
    assertThatThrownBy(() -> read("a\t1\nb\tx\n"))
        .isInstanceOf(UsageException.class)
        .hasMessage("line 2 of list: 'x' is no size in bytes");
    assertThatThrownBy(() -> read(new byte[] {'a', '\n', (byte) 0xff, '\n'}))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("is not UTF-8");
  }
}
