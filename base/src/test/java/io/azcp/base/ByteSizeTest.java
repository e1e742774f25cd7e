package io.azcp.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1048576, 1048576",
    "6B, 6",
    "1KB, 1000",
    "1kb, 1000",
    "2MB, 2000000",
    "3GB, 3000000000",
    "1TB, 1000000000000",
    "1KiB, 1024",
    "4mib, 4194304",
    "1.5GiB, 1610612736",
    "1tIB, 1099511627776",
    "8Mi, 8388608",
    "0.5ki, 512",
    ".5KB, 500",
    "1.3KiB, 1331",
    "16 MiB, 16777216",
    "9223372036854775807, 9223372036854775807",
  })
  void readsEveryUnitInAnyCase(String text, long bytes) throws UsageException {
    assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "16XYZ", "-1", "-1KiB", "+1", "1e3", "KiB", "1.", "1..5MB", "1,5GB", "4k", "4M",
        "1 k b", "0x10", "٣", "1KiB/s", "NaN"
      })
  void refusesAnythingElse(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("KiB MiB GiB TiB");
  }

  @ParameterizedTest
  @ValueSource(strings = {"9223372036854775808", "8388608TiB", "99999999999999999999TB"})
  void refusesMoreThanALongHolds(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("too large");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.5", "0.0001KiB"})
  void refusesAFractionOfOneByte(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("too small");
  }

  @Property
  void printsWhatItReads(@ForAll @LongRange(min = 0) long bytes) throws UsageException {
    ByteSize size = new ByteSize(bytes);
    assertThat(ByteSize.parse(size.toString())).isEqualTo(size);
  }

  @Property
  void printsWholeUnitsShort(@ForAll @LongRange(min = 1, max = 1023) long number)
      throws UsageException {
    assertThat(new ByteSize(number << 30).toString()).isEqualTo(number + "GiB");
    assertThat(ByteSize.parse(number + "GiB").bytes()).isEqualTo(number << 30);
  }
}
