package io.azcp.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void readsEveryKindOfValue() throws Exception {
    var expected = new LinkedHashMap<String, Object>();
    expected.put("s", "a\"\\/\b\f\n\r\té\ud83d\ude00");
    expected.put("n", -12L);
    expected.put("d", 1.5e3);
    expected.put("l", Arrays.asList(true, false, null, List.of(), Map.of()));

    assertThat(
            Json.parse(
                " { \"s\" : \"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\", \"n\":-12,"
                    + "\"d\":1.5e3,\"l\":[true,false,null,[],{}] } "))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{}x",
        "{} {}",
        "{a:1}",
        "{\"a\":1,}",
        "[1,]",
        "[,]",
        "01",
        "-",
        "1.",
        ".5",
        "1e",
        "+1",
        "nul",
        "tru",
        "\"a",
        "\"\t\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "{\"a\":1,\"a\":2}",
        "9223372036854775808",
        "NaN",
        "'a'",
        "[1 2]",
        "{\"a\" 1}"
      })
  void refusesWhatIsNoJson(String text) {
    assertThatThrownBy(() -> Json.parse(text))
        .isInstanceOf(AzcpException.class)
        .hasMessageStartingWith("no valid JSON at character");
  }

  @Test
  void refusesDeepNestingWithoutOverflowingTheStack() {
    assertThatThrownBy(() -> Json.parse("[".repeat(500_000)))
        .hasMessageContaining("nested too deep");
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void whatIsWrittenIsReadBackAndOnOneLine(@ForAll("values") Object value) throws Exception {
    String text = Json.write(value);
    assertThat(text).doesNotContain("\n");
    assertThat(Json.parse(text)).isEqualTo(value);
  }

  @Provide
  Arbitrary<Object> values() {
    return values(4);
  }

  /** Values with so many levels of containers: without a limit a few tries fill the heap. */
  private static Arbitrary<Object> values(int levels) {
    Arbitrary<Object> leaf =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(40).map(s -> s),
            Arbitraries.longs().map(n -> n),
            Arbitraries.of(true, false).map(b -> b));
    if (levels == 0) {
      return leaf;
    }
    Arbitrary<Object> below = values(levels - 1);
    return Arbitraries.oneOf(
        leaf,
        below.list().ofMaxSize(3).map(l -> l),
        Arbitraries.maps(Arbitraries.strings().ofMaxLength(4), below).ofMaxSize(3).map(m -> m));
  }
}
