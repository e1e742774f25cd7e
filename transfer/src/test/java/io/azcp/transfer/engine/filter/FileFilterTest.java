package io.azcp.transfer.engine.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.UsageException;
import io.azcp.transfer.engine.NameFilter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileFilterTest {
  private final FileFilter.Builder options = FileFilter.builder(ZoneOffset.UTC);

  private boolean accepts(String name) {
    return options.build().accepts(name, 0);
  }

  private static long at(String time) {
    return Instant.parse(time).toEpochMilli();
  }

  @Test
  void nothingSaidTakesAll() throws Exception {
    options.includePattern(List.of()).excludePath(List.of("", " ; ;")).includeAfter("");
    assertThat(options.build()).isSameAs(NameFilter.ALL);
  }

  @Test
  void oneValueOfAKindIsEnoughAndEveryKindMustAgree() throws Exception {
    options.includePattern(List.of("*.txt;*.md", "LICENSE")).includePath(List.of("a;b/c"));
    assertThat(accepts("a/x.txt")).isTrue();
    assertThat(accepts("b/c/x.md")).isTrue();
    assertThat(accepts("b/x.md")).isFalse();
    assertThat(accepts("a/x.png")).isFalse();
    assertThat(accepts("LICENSE")).isFalse();
  }

  @Test
  void anExclusionWins() throws Exception {
    options.includePattern(List.of("*.txt")).excludePattern(List.of("tmp*;*~"));
    assertThat(accepts("a.txt")).isTrue();
    assertThat(accepts("tmp/a.txt")).isFalse();
    assertThat(accepts("a.txt~")).isFalse();
  }

  @Test
  void aPathTakesWholePartsOnly() throws Exception {
    options.excludePath(List.of("/p/;./q/r.txt;odd\\;name"));
    assertThat(accepts("p/a")).isFalse();
    assertThat(accepts("p")).isFalse();
    assertThat(accepts("pp/a")).isTrue();
    assertThat(accepts("q/r.txt")).isFalse();
    assertThat(accepts("q/r.txt2")).isTrue();
    assertThat(accepts("odd;name")).isFalse();
    assertThat(accepts("x/p/a")).isTrue();
  }

  @Test
  void anExpressionIsFoundAnywhere() throws Exception {
    options.includeRegex(List.of("^a/;[0-9]{2}$")).excludeRegex(List.of("/\\..*|\\;"));
    assertThat(accepts("a/b")).isTrue();
    assertThat(accepts("b/a/12")).isTrue();
    assertThat(accepts("b/a/1")).isFalse();
    assertThat(accepts("a/.hidden")).isFalse();
    assertThat(accepts("a/x;y")).isFalse();
  }

  @Test
  void timesIncludeTheirBounds() throws Exception {
    NameFilter filter =
        options
            .includeAfter("2026-01-31T10:00:00Z")
            .includeBefore("2026-01-31T12:00:00+01:00")
            .build();
    assertThat(filter.accepts("x", at("2026-01-31T10:00:00Z"))).isTrue();
    assertThat(filter.accepts("x", at("2026-01-31T11:00:00Z"))).isTrue();
    assertThat(filter.accepts("x", at("2026-01-31T09:59:59.999Z"))).isFalse();
    assertThat(filter.accepts("x", at("2026-01-31T11:00:00.001Z"))).isFalse();
  }

  @Test
  void aTimeWithoutAZoneIsLocal() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    assertThat(Instants.parse("2026-01-31", berlin, false)).hasValue(at("2026-01-30T23:00:00Z"));
    assertThat(Instants.parse("2026-01-31T15:04", berlin, false))
        .hasValue(at("2026-01-31T14:04:00Z"));
    assertThat(Instants.parse("2026-01-31t15:04:05.25", berlin, false))
        .hasValue(at("2026-01-31T14:04:05.250Z"));
    assertThat(Instants.parse("2026-01-31Z", berlin, false)).hasValue(at("2026-01-31T00:00:00Z"));
    assertThat(Instants.parse("2026-10-25T02:30", berlin, false))
        .hasValue(at("2026-10-25T00:30:00Z"));
    assertThat(Instants.parse("2026-10-25T02:30", berlin, true))
        .hasValue(at("2026-10-25T01:30:00Z"));
  }

  @Test
  void wrongValuesNameTheirOption() {
    refused(() -> options.includePattern(List.of("ok;[a")), "--include-pattern: '[a' is no valid");
    refused(() -> options.excludePattern(List.of("{a")), "--exclude-pattern: ");
    refused(() -> options.includeRegex(List.of("(")), "--include-regex: '(' is no valid regular");
    refused(() -> options.excludeRegex(List.of("[")), "--exclude-regex: ");
    refused(() -> options.includeAfter("yesterday"), "--include-after: 'yesterday' is no time");
    refused(() -> options.includeBefore("2026-02-30"), "--include-before: '2026-02-30'");
    refused(() -> options.includeBefore("2026-01-31T25:00Z"), "--include-before");
    refused(() -> options.includeAfter("999999999-01-01"), "--include-after");
  }

  private static void refused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String start) {
    assertThatThrownBy(call).isInstanceOf(UsageException.class).hasMessageStartingWith(start);
  }
}
