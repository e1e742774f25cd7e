package io.azcp.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheNamesTest {
  @ParameterizedTest
  @CsvSource({
    "a/b c,a/b c",
    "ünï/çødé,ünï/çødé",
    "x%41y,x%2541y",
    ".azcp/x,%2Eazcp/x",
    "d/.azcp,d/.azcp",
    "./a/..,%2E/a/%2E%2E",
    "a//b/,a/%_/b/%_",
    "/a,%_/a",
    ".hidden/...,.hidden/..."
  })
  void namesKeepTheirLookWhereTheyCan(String name, String path) {
    assertThat(CacheNames.path(name)).isEqualTo(path);
    assertThat(CacheNames.name(path)).contains(name);
  }

  @Test
  void whatUtf8CannotHoldIsEscaped() {
    assertThat(CacheNames.path("a\ud83db")).isEqualTo("a%uD83Db");
    assertThat(CacheNames.name("a%uD83Db")).contains("a\ud83db");
    assertThat(CacheNames.path("😀")).isEqualTo("😀");
    assertThat(CacheNames.path("a\0b")).isEqualTo("a%00b");
  }

  @Test
  void longPartsAreHashedAndDiffer() {
    String one = CacheNames.path("d/" + "長".repeat(200) + "1");
    String two = CacheNames.path("d/" + "長".repeat(200) + "2");
    assertThat(one).startsWith("d/長長").isNotEqualTo(two);
    assertThat(CacheNames.name(one)).isEmpty();
    assertThat(CacheNames.isHashed("x".repeat(255))).isFalse();
    assertThat(CacheNames.isHashed("x".repeat(256))).isTrue();
    assertThat(CacheNames.path("é/".repeat(512)).getBytes(StandardCharsets.UTF_8))
        .hasSizeLessThan(4000);
  }

  @Test
  void pathsThatNoNameGivesAreNobodys() {
    assertThat(CacheNames.name("a%zz")).isEmpty();
    assertThat(CacheNames.name("a%")).isEmpty();
    assertThat(CacheNames.name("a%41")).isEmpty();
    assertThat(CacheNames.name(".azcp/x")).isEmpty();
  }

  @Property(tries = 2000)
  void everyNameFitsAndComesBack(@ForAll("names") String name) {
    String path = CacheNames.path(name);
    for (String part : path.split("/", -1)) {
      assertThat(part.getBytes(StandardCharsets.UTF_8).length).isBetween(1, 255);
      assertThat(part).isNotIn(".", "..");
    }
    assertThat(path).doesNotStartWith(".azcp/").isNotEqualTo(".azcp");
    assertThat(new String(path.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
        .isEqualTo(path);
    if (!CacheNames.isHashed(name)) {
      assertThat(CacheNames.name(path)).contains(name);
    }
  }

  @Property(tries = 2000)
  void differentNamesHaveDifferentPaths(
      @ForAll("names") String one, @ForAll("names") String other) {
    assertThat(CacheNames.path(one).equals(CacheNames.path(other))).isEqualTo(one.equals(other));
  }

  @Provide
  Arbitrary<String> names() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "/",
            ".",
            "..",
            "%",
            "%2E",
            "%_",
            "%~",
            "%u",
            ".azcp",
            "a",
            "é",
            "\ud83d",
            "\ude00",
            "\0",
            "n".repeat(130));
    return Arbitraries.oneOf(
        pieces.list().ofMinSize(1).ofMaxSize(8).map(parts -> String.join("", parts)),
        Arbitraries.strings().all().ofMinLength(1).ofMaxLength(300));
  }
}
