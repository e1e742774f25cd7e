package io.azcp.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * A line of a long listing, put together byte by byte: strings and the layers of a print stream
 * would cost as much as reading the listing. Used by one thread, for one line after another.
 */
final class ListingLine {
  private static final int SECONDS_A_DAY = 86_400;

  private byte[] bytes = new byte[512];
  private int length;

  /** The day whose text is kept; blobs of one listing are often of one day. */
  private long day = Long.MIN_VALUE;

  private byte[] dayText = {};

  ListingLine text(String text) {
    return add(text.getBytes(StandardCharsets.UTF_8));
  }

  ListingLine tab() {
    return add((byte) '\t');
  }

  /** A number that is not negative. */
  ListingLine number(long number) {
    int digits = 1;
    for (long left = number; left >= 10; left /= 10) {
      digits++;
    }
    room(digits);
    long left = number;
    for (int i = length + digits - 1; i >= length; i--) {
      bytes[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
    length += digits;
    return this;
  }

  /** Milliseconds since the epoch as {@link Instant#toString} writes them. */
  ListingLine time(long millis) {
    if (millis % 1000 != 0) {
      return text(Instant.ofEpochMilli(millis).toString());
    }
    long seconds = millis / 1000;
    long wanted = Math.floorDiv(seconds, (long) SECONDS_A_DAY);
    if (wanted != day) {
      day = wanted;
      String midnight = Instant.ofEpochSecond(day * SECONDS_A_DAY).toString();
      dayText =
          midnight
              .substring(0, midnight.length() - "00:00:00Z".length())
              .getBytes(StandardCharsets.US_ASCII);
    }
    int ofDay = (int) (seconds - day * SECONDS_A_DAY);
    add(dayText).two(ofDay / 3600).add((byte) ':').two(ofDay / 60 % 60);
    return add((byte) ':').two(ofDay % 60).add((byte) 'Z');
  }

  /** Prints the line, and begins the next. */
  void print(PrintStream out) {
    add((byte) '\n');
    out.write(bytes, 0, length);
    length = 0;
  }

  private ListingLine two(int number) {
    return add((byte) ('0' + number / 10)).add((byte) ('0' + number % 10));
  }

  private ListingLine add(byte one) {
    room(1);
    bytes[length++] = one;
    return this;
  }

  private ListingLine add(byte[] more) {
    room(more.length);
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
    return this;
  }

  private void room(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
    }
  }
}
