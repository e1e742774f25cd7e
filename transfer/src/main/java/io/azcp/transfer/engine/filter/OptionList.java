package io.azcp.transfer.engine.filter;

import java.util.ArrayList;
import java.util.List;

/**
 * The values of an option that takes several, separated by semicolons as AzCopy has them. {@code
 * \;} is a semicolon that separates nothing.
 */
final class OptionList {
  private OptionList() {}

  /** The single values; empty ones are left out, backslashes stay. */
  static List<String> split(List<String> values) {
    List<String> all = new ArrayList<>();
    for (String value : values) {
      int start = 0;
      for (int i = 0; i < value.length(); i++) {
        if (value.charAt(i) == '\\') {
          i++;
        } else if (value.charAt(i) == ';') {
          all.add(value.substring(start, i));
          start = i + 1;
        }
      }
      all.add(value.substring(start));
    }
    all.removeIf(String::isBlank);
    return all;
  }
}
