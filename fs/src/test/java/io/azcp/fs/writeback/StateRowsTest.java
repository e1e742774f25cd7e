package io.azcp.fs.writeback;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.base.posix.Stat;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a row of the journal says is what was written, also by the first versions. */
class StateRowsTest {
  @Test
  void keepsAllAttributes() throws IOException {
    var attributes =
        new PosixAttributes(
            Stat.BLOCK_DEVICE | 0640, 1, 2, 3, 4, 5, 0x102, Map.of("azcp_x_a", "0s"));
    var entry = new Entry(7, Entry.Kind.FILE, "name", "blob", attributes);
    entry.metadata = Map.of("Theirs", "ä");
    StateRows.EntryRow row = StateRows.readEntry(StateRows.of(entry).payload());
    assertThat(row.attributes()).isEqualTo(attributes);
    assertThat(row.metadata()).isEqualTo(entry.metadata);
  }

  @Test
  void readsAttributesAsTheFirstJournalsHadThem() throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeLong(7);
    text(out, "name");
    text(out, "blob");
    text(out, null);
    out.writeBoolean(true);
    out.writeInt(Stat.REGULAR | 0600);
    out.writeInt(1);
    out.writeInt(2);
    out.writeLong(3);
    out.writeInt(0);
    text(out, "text/plain");
    out.writeBoolean(false);
    out.writeBoolean(false);
    StateRows.EntryRow row = StateRows.readEntry(bytes.toByteArray());
    assertThat(row.attributes()).isEqualTo(new PosixAttributes(Stat.REGULAR | 0600, 1, 2, 3));
    assertThat(row.contentType()).isEqualTo("text/plain");
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes == null ? -1 : bytes.length);
    if (bytes != null) {
      out.write(bytes);
    }
  }
}
