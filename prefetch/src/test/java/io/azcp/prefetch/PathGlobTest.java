package io.azcp.prefetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathGlobTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "*.txt a.txt true",
        "*.txt d/a.txt false",
        "d/*.txt d/a.txt true",
        "d/* d/e/a false",
        "d/** d/e/a true",
        "**/a a true",
        "**/a x/y/a true",
        "**/a x/ya false",
        "a?c abc true",
        "a?c a/c false",
        "[ab]x bx true",
        "[!ab]x bx false",
        "[!ab]x /x false",
        "[a-c]1 b1 true",
        "{one,two}.bin two.bin true",
        "{one,two}.bin three.bin false",
        "a{b,c/d}e ac/de true",
        "a\\*b a*b true",
        "a\\*b axb false",
        "a.b axb false",
        "a(b)+$* a(b)+$c true",
      })
  void matchesWholeNames(String glob, String name, boolean expected) throws Exception {
    assertThat(PathGlob.of(glob).matches(name)).isEqualTo(expected);
  }

  @Test
  void knowsWhatIsLiteralAndWhetherOneDirectoryIsEnough() throws Exception {
    assertThat(PathGlob.isGlob("plain/name.txt")).isFalse();
    assertThat(PathGlob.of("a/b*.c").literalPrefix()).isEqualTo("a/b");
    assertThat(PathGlob.of("a/b*.c").oneDirectory()).isTrue();
    assertThat(PathGlob.of("a/*/c").oneDirectory()).isFalse();
    assertThat(PathGlob.of("a/**").oneDirectory()).isFalse();
  }

  @Test
  void refusesAnUnclosedSetAndAnUnclosedChoice() {
    assertThatThrownBy(() -> PathGlob.of("a[b")).hasMessageContaining("a[b is no valid pattern");
    assertThatThrownBy(() -> PathGlob.of("a{b")).hasMessageContaining("a{b is no valid pattern");
  }
}
