package io.azcp.transfer.engine.filter;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.OptionalLong;

/** Points in time as AzCopy takes them: RFC 3339, where the zone, or all of the time, may miss. */
final class Instants {
  static final String ALLOWED =
      "a date as 2026-01-31, or with a time as 2026-01-31T15:04:05Z"
          + " (without the Z or an offset it is local time)";

  private static final DateTimeFormatter FORM =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendLiteral('T')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalEnd()
          .optionalStart()
          .appendOffsetId()
          .optionalEnd()
          .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private Instants() {}

  /**
   * Milliseconds since the epoch, or empty where the text is none of {@link #ALLOWED}.
   *
   * @param zone whose local time is meant where the text does not say
   * @param latest which of two is meant where clocks are turned back and a time comes twice
   */
  static OptionalLong parse(String text, ZoneId zone, boolean latest) {
    try {
      TemporalAccessor time =
          FORM.parseBest(text.strip(), OffsetDateTime::from, LocalDateTime::from);
      if (time instanceof OffsetDateTime exact) {
        return OptionalLong.of(exact.toInstant().toEpochMilli());
      }
      ZonedDateTime local = ((LocalDateTime) time).atZone(zone);
      ZonedDateTime meant =
          latest ? local.withLaterOffsetAtOverlap() : local.withEarlierOffsetAtOverlap();
      return OptionalLong.of(meant.toInstant().toEpochMilli());
    } catch (DateTimeException | ArithmeticException e) {
      return OptionalLong.empty();
    }
  }
}
