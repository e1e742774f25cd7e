package io.azcp.transfer.blob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameEncodingTest {
  @ParameterizedTest
  @CsvSource({
    "x%41y, x%2541y",
    "sp ace, sp%20ace",
    "ha#sh, ha%23sh",
    "ünï/çødé, %C3%BCn%C3%AF/%C3%A7%C3%B8d%C3%A9",
    "q?x&y=z+w, q%3Fx%26y%3Dz%2Bw",
    "'a~b-c_d.e', a~b-c_d.e",
    "'it''s (1)*!', it%27s%20%281%29%2A%21"
  })
  void encodesEverythingButUnreservedCharacters(String name, String wire) {
    assertThat(NameEncoding.path(name)).isEqualTo(wire);
  }

  @Test
  void encodesSlashesInQueryValuesOnly() {
    assertThat(NameEncoding.query("a/b")).isEqualTo("a%2Fb");
    assertThat(NameEncoding.path("a/b")).isEqualTo("a/b");
  }

  @Property
  void decodesWhatItEncoded(@ForAll("unicode") String name) {
    assertThat(NameEncoding.decode(NameEncoding.path(name))).isEqualTo(name);
    assertThat(NameEncoding.decode(NameEncoding.query(name))).isEqualTo(name);
  }

  @Provide
  Arbitrary<String> unicode() {
    return Arbitraries.strings().all().filter(s -> s.equals(new String(s.getBytes(UTF_8), UTF_8)));
  }

  @Test
  void decodesOnce() {
    assertThat(NameEncoding.decode("x%2541y+z")).isEqualTo("x%41y+z");
  }

  @Test
  void refusesBrokenEncodings() {
    assertThatThrownBy(() -> NameEncoding.decode("100%")).hasMessageContaining("two hex digits");
    assertThatThrownBy(() -> NameEncoding.decode("%zz")).hasMessageContaining("two hex digits");
    assertThatThrownBy(() -> NameEncoding.decode("%ff")).hasMessageContaining("not UTF-8");
  }

  @Test
  void refusesNamesTheServiceCannotHold() {
    refuses("a\\b", Errno.EINVAL, "backslash");
    refuses("dir./b", Errno.EINVAL, "dot at the end");
    refuses("a/..", Errno.EINVAL, "dot at the end");
    refuses("", Errno.EINVAL, "empty");
    refuses("x".repeat(1025), Errno.ENAMETOOLONG, "1025 characters");
    refuses("a/".repeat(254) + "a", Errno.ENAMETOOLONG, "255 parts");
    refuses("lone\ud800", Errno.EILSEQ, "Unicode");
    refuses("\udc00lone", Errno.EILSEQ, "Unicode");
  }

  @Test
  void takesNamesFromHell() throws Exception {
    for (String name :
        new String[] {
          "x".repeat(1024), "a/".repeat(253) + "a", ".hidden", "trailing ", "😀", "a//b"
        }) {
      NameEncoding.check(name);
    }
  }

  private static void refuses(String name, Errno errno, String why) {
    assertThatThrownBy(() -> NameEncoding.check(name))
        .isInstanceOfSatisfying(AzcpException.class, e -> assertThat(e.errno()).isEqualTo(errno))
        .hasMessageContaining(why);
  }
}
