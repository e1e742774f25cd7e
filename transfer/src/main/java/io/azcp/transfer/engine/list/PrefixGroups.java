package io.azcp.transfer.engine.list;

import java.util.ArrayList;
import java.util.List;

/**
 * Neighbouring names that share a prefix no other name has, so many at most in each group: a flat
 * listing of that prefix finds what a listing of each directory would, in fewer requests.
 */
final class PrefixGroups {
  /**
   * Some of the names.
   *
   * @param prefix what these names start with and no others
   * @param from the number of the first
   * @param to the number after the last
   */
  record Group(String prefix, int from, int to) {}

  private final List<String> names;
  private final int most;
  private final List<Group> groups = new ArrayList<>();

  private PrefixGroups(List<String> names, int most) {
    this.names = names;
    this.most = most;
  }

  /**
   * Groups names that are in order and all begin with the same characters.
   *
   * @param shared how many characters that are
   * @param most names of a group; a single name is always one
   */
  static List<Group> of(List<String> names, int shared, int most) {
    var grouping = new PrefixGroups(names, most);
    grouping.divide(0, names.size(), shared);
    return grouping.groups;
  }

  private void divide(int from, int to, int shared) {
    int start = from;
    while (start < to) {
      String name = names.get(start);
      if (name.length() <= shared) {
        // The prefix itself; a listing of it would find all the others too.
        groups.add(new Group(name, start, start + 1));
        start++;
        continue;
      }
      int length = shared + Character.charCount(name.codePointAt(shared));
      String prefix = name.substring(0, length);
      int end = start + 1;
      while (end < to && names.get(end).startsWith(prefix)) {
        end++;
      }
      if (end - start == 1) {
        groups.add(new Group(name, start, end));
      } else if (end - start <= most) {
        groups.add(new Group(prefix, start, end));
      } else {
        divide(start, end, length);
      }
      start = end;
    }
  }
}
