package io.azcp.tests;

import java.util.Arrays;
import java.util.List;

/** What a name may hold after a crash; {@code null} is nothing. */
interface CrashExpectation {
  /** Whether this is one of the contents that may be there. */
  boolean allows(byte[] content);

  /** A sentence for a failure. */
  String describe();

  /** Exactly one content. */
  static CrashExpectation exactly(byte[] content) {
    return new CrashExpectation() {
      @Override
      public boolean allows(byte[] actual) {
        return content == null ? actual == null : Arrays.equals(actual, content);
      }

      @Override
      public String describe() {
        return content == null ? "nothing" : content.length + " bytes";
      }
    };
  }

  /** Any of some. */
  static CrashExpectation any(List<CrashExpectation> all) {
    List<CrashExpectation> these = List.copyOf(all);
    return new CrashExpectation() {
      @Override
      public boolean allows(byte[] actual) {
        return these.stream().anyMatch(e -> e.allows(actual));
      }

      @Override
      public String describe() {
        return these.stream().map(CrashExpectation::describe).toList().toString();
      }
    };
  }

  /** A write that was under way: all up to some page of it is there, and nothing else changed. */
  static CrashExpectation writing(byte[] before, int offset, byte[] data) {
    return new CrashExpectation() {
      @Override
      public boolean allows(byte[] actual) {
        if (actual == null || actual.length > Math.max(before.length, offset + data.length)) {
          return false;
        }
        int written = 0;
        while (written < data.length
            && offset + written < actual.length
            && actual[offset + written] == data[written]) {
          written++;
        }
        for (int n = written; n >= 0; n--) {
          boolean edge = n == data.length || n == 0 || (offset + n) % 4096 == 0;
          if (edge && Arrays.equals(actual, overlay(before, offset, data, n))) {
            return true;
          }
        }
        return false;
      }

      @Override
      public String describe() {
        return before.length + " bytes and some of " + data.length + " at " + offset;
      }
    };
  }

  /** A content with some bytes of a write in it. */
  static byte[] overlay(byte[] before, int offset, byte[] data, int length) {
    int size = length == 0 ? before.length : Math.max(before.length, offset + length);
    byte[] all = Arrays.copyOf(before, size);
    System.arraycopy(data, 0, all, offset, length);
    return all;
  }
}
