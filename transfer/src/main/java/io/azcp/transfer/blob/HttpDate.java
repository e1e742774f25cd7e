package io.azcp.transfer.blob;

import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/** Dates as HTTP writes them (RFC 9110, 5.6.7): {@code Fri, 20 Nov 2026 11:46:00 GMT}. */
final class HttpDate {
  private static final String[] MONTHS = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };

  /** The epoch was the first. */
  private static final String[] WEEKDAYS = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};

  private static final int SECONDS_A_DAY = 86_400;

  /** A second and its text; requests come many a second. */
  private record Cached(long second, String text) {}

  private static volatile Cached cached = new Cached(0, "Thu, 01 Jan 1970 00:00:00 GMT");

  private HttpDate() {}

  /** The text of milliseconds since the epoch. */
  static String format(long millis) {
    long second = Math.floorDiv(millis, 1000L);
    Cached last = cached;
    if (last.second() != second) {
      last = new Cached(second, text(second));
      cached = last;
    }
    return last.text();
  }

  /** By hand: a formatter would load the calendars and languages of the world. */
  private static String text(long second) {
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(second, SECONDS_A_DAY));
    int ofDay = (int) Math.floorMod(second, (long) SECONDS_A_DAY);
    StringBuilder text = new StringBuilder(29);
    text.append(WEEKDAYS[(int) Math.floorMod(date.toEpochDay(), 7L)]).append(", ");
    digits(text, date.getDayOfMonth()).append(' ').append(MONTHS[date.getMonthValue() - 1]);
    text.append(' ').append(date.getYear()).append(' ');
    digits(text, ofDay / 3600).append(':');
    digits(text, ofDay / 60 % 60).append(':');
    return digits(text, ofDay % 60).append(" GMT").toString();
  }

  private static StringBuilder digits(StringBuilder text, int number) {
    return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }

  /** Milliseconds since the epoch; −1 where the text is no date. */
  static long parse(String text) {
    if (text.length() == 29 && text.endsWith(" GMT")) {
      int month = 0;
      while (month < 12 && !text.startsWith(MONTHS[month], 8)) {
        month++;
      }
      int day = two(text, 5);
      int year = two(text, 12) * 100 + two(text, 14);
      int hour = two(text, 17);
      int minute = two(text, 20);
      int second = two(text, 23);
      if (month < 12 && day > 0 && year > 0 && hour >= 0 && minute >= 0 && second >= 0) {
        return (days(year, month + 1, day) * 86_400 + hour * 3600L + minute * 60L + second) * 1000;
      }
    }
    try {
      return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
          .toInstant()
          .toEpochMilli();
    } catch (DateTimeParseException e) {
      return -1;
    }
  }

  private static int two(String text, int at) {
    int high = text.charAt(at) - '0';
    int low = text.charAt(at + 1) - '0';
    return high < 0 || high > 9 || low < 0 || low > 9 ? -10_000 : high * 10 + low;
  }

  /** Days from the epoch to a date of the Gregorian calendar, years counted from March. */
  private static long days(int year, int month, int day) {
    long y = month <= 2 ? year - 1 : year;
    long era = y / 400;
    long ofEra = y - era * 400;
    long ofYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468;
  }
}
