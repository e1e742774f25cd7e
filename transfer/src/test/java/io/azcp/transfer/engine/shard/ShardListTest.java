package io.azcp.transfer.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import io.azcp.base.UsageException;
import io.azcp.transfer.engine.shard.ShardList.Entry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardListTest {
  @TempDir Path folder;

  private static List<Entry> read(String text) throws IOException {
    return read("-", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<Entry> read(String file, InputStream stdin) throws IOException {
    List<Entry> entries = new ArrayList<>();
    new ShardList(file, stdin).each(entries::add);
    return entries;
  }

  @Test
  void linesAreNameSizeAndPerhapsATime() throws IOException {
    assertThat(read("a/b.bin\t42\nc d\t0\t 2024-01-02T03:04:05Z \nü\t7\tx\ty"))
        .containsExactly(
            new Entry("a/b.bin", 42, ""),
            new Entry("c d", 0, " 2024-01-02T03:04:05Z "),
            new Entry("ü", 7, "x\ty"));
  }

  @Test
  void commentsBlankLinesAndRowsWhoseSizeIsNoNumberArePassedOver() throws IOException {
    String text = "# made today\n\n  \nname\tsize\tmodified\nd/\t-\tDIR\nn\t-5\ne\t\na\t1\r\n";
    assertThat(read(text)).containsExactly(new Entry("a", 1, ""));
  }

  @Test
  void aRowWithoutASizeIsAnErrorWithItsLine() {
    assertThatThrownBy(() -> read("a\t1\n#\nb\n"))
        .isInstanceOf(UsageException.class)
        .hasMessage(
            "line 3 of the shard list standard input has no size: write the name, a tab, and the"
                + " size in bytes");
  }

  @Test
  void isReadFromAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("list"), "a\t1\nb\t2");
    assertThat(read(file.toString(), InputStream.nullInputStream()))
        .containsExactly(new Entry("a", 1, ""), new Entry("b", 2, ""));
  }

  @Test
  void anAbsentFileIsNamed() {
    String file = folder.resolve("absent").toString();
    assertThatThrownBy(() -> read(file, InputStream.nullInputStream()))
        .isInstanceOf(AzcpException.class)
        .hasMessageContaining(file);
  }

  @Test
  void whatIsNoTextIsRefused() {
    assertThatThrownBy(() -> read("-", new ByteArrayInputStream(new byte[] {'a', '\t', -1})))
        .isInstanceOf(UsageException.class)
        .hasMessage("line 1 of the shard list standard input is not UTF-8");
    assertThatThrownBy(() -> read("-", new ByteArrayInputStream(new byte[100_000])))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("line 1 of the shard list standard input is longer than 64 KiB");
  }
}
