package io.azcp.transfer.engine.sync;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class NameOrderTest {
  @Provide
  Arbitrary<String> names() {
    return Entries.names();
  }

  @Property
  void itIsTheOrderOfTheUtf8Bytes(@ForAll("names") String a, @ForAll("names") String b) {
    assertThat(Integer.signum(NameOrder.UTF8.compare(a, b)))
        .isEqualTo(Integer.signum(Entries.BY_BYTES.compare(a, b)));
  }

  @Property
  void anyStringHasAPlace(@ForAll String a, @ForAll String b, @ForAll String c) {
    assertThat(NameOrder.UTF8.compare(a, b)).isEqualTo(-NameOrder.UTF8.compare(b, a));
    assertThat(NameOrder.UTF8.compare(a, b) == 0).isEqualTo(a.equals(b));
    if (NameOrder.UTF8.compare(a, b) <= 0 && NameOrder.UTF8.compare(b, c) <= 0) {
      assertThat(NameOrder.UTF8.compare(a, c)).isLessThanOrEqualTo(0);
    }
  }

  @Test
  void aSurrogatePairComesAfterTheRestOfThePlane() {
    assertThat("\ud83d\ude00").isLessThan("\uff21");
    assertThat(NameOrder.UTF8.compare("\ud83d\ude00", "\uff21")).isPositive();
    assertThat(NameOrder.UTF8.compare("A-B", "A/x")).isNegative();
  }
}
