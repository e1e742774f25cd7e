package io.azcp.base.glob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.UsageException;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "*.txt, a.txt, true",
        "*.txt, sub/a.txt, true",
        "*.txt, a.txt.gz, false",
        "a*, sub/a.txt, false",
        "a*, a/b/c, true",
        "*, \"\", true",
        "?, a, true",
        "?, /, true",
        "?, \"\", false",
        "?, 😀, true",
        "a?c, abc, true",
        "**/x, x, true",
        "**/x, a/b/x, true",
        "**/x, ax, false",
        "a/**/x, a/x, true",
        "a/**/x, a/b/c/x, true",
        "a**/x, ax, false",
        "a**/x, ab/x, true",
        "**, a/b, true",
        "\"{a,b}.txt\", b.txt, true",
        "\"{a,b}.txt\", c.txt, false",
        "\"{a,b{c,d}}x\", bdx, true",
        "\"{a,b{c,d}}x\", bx, false",
        "\"{,a}x\", x, true",
        "\"*.{jpg,jp*g}\", p/q.jpeg, true",
        "\"{**/,}x\", a/x, true",
        "\"a,b\", \"a,b\", true",
        "a}b, a}b, true",
        "[abc], b, true",
        "[abc], d, false",
        "[a-c]1, b1, true",
        "[!a-c]1, b1, false",
        "[^a-c]1, d1, true",
        "[]a], ], true",
        "[a-], -, true",
        "[\\]], ], true",
        "[α-ω], λ, true",
        "\\*, *, true",
        "\\*, a, false",
        "a\\, a\\, true",
        "A, a, false",
        "abc, abcd, false",
        "abcd, abc, false",
        "\"\", \"\", true",
        "x.(y)+|$^, x.(y)+|$^, true",
      })
  void matches(String pattern, String name, boolean expected) throws Exception {
    assertThat(Glob.of(pattern).matches(name)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[abc", "[", "[]", "[!", "{a,b", "a{", "{a{b}", "[z-a]"})
  void refusesWhatIsNotClosedOrRunsBackwards(String pattern) {
    assertThatThrownBy(() -> Glob.of(pattern))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("'" + pattern + "' is no valid pattern: it has a ");
  }

  @Test
  @Timeout(60)
  void hostilePatternsTakeNoLongerThanTheirLength() throws Exception {
    String name = "a".repeat(1024);
    assertThat(Glob.of("*a".repeat(500) + "b").matches(name)).isFalse();
    assertThat(Glob.of("{a,a,a,*}".repeat(200) + "b").matches(name)).isFalse();
    assertThat(Glob.of("**/".repeat(300) + "b").matches("a/".repeat(500))).isFalse();
    assertThat(Glob.of("{,".repeat(20_000) + "a" + "}".repeat(20_000)).matches("a")).isTrue();
  }

  /** Against Java's regular expressions, on patterns short enough for them. */
  @Property
  void agreesWithARegularExpression(
      @ForAll @StringLength(max = 8) @Chars({'a', 'b', '*', '?', '/'}) String pattern,
      @ForAll @StringLength(max = 10) @CharRange(from = 'a', to = 'b') @Chars('/') String name)
      throws Exception {
    String plain = pattern.replaceAll("\\*+", "*");
    String regex = plain.replace("*", ".*").replace("?", ".");
    assertThat(Glob.of(plain).matches(name)).isEqualTo(Pattern.matches(regex, name));
  }
}
