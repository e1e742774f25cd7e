package io.azcp.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MarkTest {
  private static final Mark MARK =
      new Mark(
          "id",
          new BlobVersion("0x1", 5, 1_700_000_000_123L, "rL0Y20zC+Fzt72VPzMSk2A=="),
          1_700_000_000_123_456_789L,
          "boot",
          false,
          "length",
          "a\nname of\nlines");

  @Test
  void aMarkComesBackAsItWasWritten() {
    assertThat(Mark.decode(MARK.encode())).contains(MARK);
    assertThat(Mark.decode(MARK.withDurable().encode())).contains(MARK.withDurable());
  }

  @Test
  void anythingElseIsNoMark() {
    assertThat(Mark.decode(new byte[0])).isEmpty();
    assertThat(Mark.decode(new byte[] {1})).isEmpty();
    assertThat(Mark.decode("azcp2\n1\n2\n3\n4\n5\n6\n7\n8\n9\n".getBytes(StandardCharsets.UTF_8)))
        .isEmpty();
    assertThat(Mark.decode("azcp1\n1\n2\nx\n4\n5\n6\n7\n8\n9\n".getBytes(StandardCharsets.UTF_8)))
        .isEmpty();
  }
}
