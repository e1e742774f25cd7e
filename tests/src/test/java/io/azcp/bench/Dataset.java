package io.azcp.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The blobs of a virtual container. They are named {@code d0012/f0012345.bin}: directories are
 * numbered, and blobs through all of them, so that the names' order is the numbers'.
 *
 * @param name of the container
 * @param count of blobs; a container without any takes uploads and forgets them
 * @param size of each, in bytes
 * @param perDirectory blobs in a directory
 * @param md5 whether the service knows the MD5 of each
 */
public record Dataset(String name, int count, long size, int perDirectory, boolean md5) {
  private static final int DIRECTORY_DIGITS = 4;
  private static final int BLOB_DIGITS = 7;
  private static final int NAME_LENGTH = 1 + DIRECTORY_DIGITS + 2 + BLOB_DIGITS + 4;

  private static final Map<String, Dataset> ALL = new LinkedHashMap<>();

  static {
    add(new Dataset("big", 4, 1 << 30, 1000, false));
    add(new Dataset("big-md5", 4, 1 << 30, 1000, true));
    add(new Dataset("one", 1, 1 << 30, 1000, false));
    add(new Dataset("cold", 100, 1 << 30, 1000, false));
    add(new Dataset("huge", 8, 16L << 30, 1000, false));
    add(new Dataset("small", 20_000, 16 << 10, 1000, false));
    add(new Dataset("small-md5", 20_000, 16 << 10, 1000, true));
    add(new Dataset("med", 1000, 1 << 20, 1000, false));
    add(new Dataset("pages", 50_000, 4 << 10, 1000, false));
    add(new Dataset("nodes", 12, 3_000_001, 5, false));
    add(new Dataset("tiny", 10, 1 << 10, 1000, false));
    add(new Dataset("hundredk", 100_000, 1, 1000, false));
    add(new Dataset("threehundredk", 300_000, 1, 1000, false));
    add(new Dataset("million", 1_000_000, 16 << 10, 1000, false));
    add(new Dataset("tenm", 10_000_000, 16 << 10, 1000, false));
    add(new Dataset("wide", 1_000_000, 16 << 10, 5000, false));
    add(new Dataset("flat", 1_000_000, 16 << 10, 1_000_000, false));
    add(new Dataset("up", 0, 0, 1000, false));
    add(new Dataset("uploads", 0, 0, 1000, false));
  }

  private static void add(Dataset dataset) {
    ALL.put(dataset.name(), dataset);
  }

  /** A container by its name, or null. */
  public static Dataset of(String name) {
    return ALL.get(name);
  }

  static Iterable<Dataset> all() {
    return ALL.values();
  }

  long bytes() {
    return count * size;
  }

  String directory(int blob) {
    return "d" + padded(blob / perDirectory, DIRECTORY_DIGITS);
  }

  /** A blob's name. */
  public String name(int blob) {
    return directory(blob) + "/f" + padded(blob, BLOB_DIGITS) + ".bin";
  }

  /** Overwrites the digits of another blob's name. */
  void putName(int blob, byte[] into, int at) {
    putDigits(blob / perDirectory, into, at + DIRECTORY_DIGITS);
    putDigits(blob, into, at + 1 + DIRECTORY_DIGITS + 1 + BLOB_DIGITS);
  }

  private static void putDigits(int number, byte[] into, int last) {
    int left = number;
    for (int i = last; into[i] >= '0' && into[i] <= '9'; i--) {
      into[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
  }

  static String padded(int number, int digits) {
    String text = Integer.toString(number);
    return "0".repeat(digits - text.length()) + text;
  }

  /** A blob's number by its name, or −1. */
  int number(String blob) {
    int digits = 1 + DIRECTORY_DIGITS + 2;
    if (blob.length() != NAME_LENGTH) {
      return -1;
    }
    int number = 0;
    for (int i = digits; i < digits + BLOB_DIGITS; i++) {
      int digit = blob.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number < count && name(number).equals(blob) ? number : -1;
  }

  /** The first blob whose name is not before a text. */
  int firstFrom(String text) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (name(middle).compareTo(text) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
