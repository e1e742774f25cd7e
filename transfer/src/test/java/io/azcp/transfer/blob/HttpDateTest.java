package io.azcp.transfer.blob;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class HttpDateTest {
  @Property
  void readsWhatItWrites(@ForAll @LongRange(min = 0, max = 4_102_444_800L) long second) {
    assertThat(HttpDate.parse(HttpDate.format(second * 1000))).isEqualTo(second * 1000);
  }

  @Test
  void writesAsTheServiceDoes() {
    assertThat(HttpDate.format(1795175160123L)).isEqualTo("Fri, 20 Nov 2026 11:46:00 GMT");
    assertThat(HttpDate.format(1_709_164_799_000L)).isEqualTo("Wed, 28 Feb 2024 23:59:59 GMT");
  }

  @Test
  void whatIsNoDateIsTold() {
    assertThat(HttpDate.parse("")).isEqualTo(-1);
    assertThat(HttpDate.parse("Xxx, ab Foo 20z6 11:46:00 GMT")).isEqualTo(-1);
    assertThat(HttpDate.parse("Tue, 3 Jun 2008 11:05:30 GMT")).isEqualTo(1212491130000L);
  }
}
