package io.azcp.tests;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one workload has below its folder: files with their content, directories, and the
 * permissions of both. While a call is under way it also knows what may be there instead, all names
 * of one outcome together.
 */
final class CrashModel {
  /** An outcome of an interrupted call: what the names it touches may hold. */
  record Outcome(Map<String, CrashExpectation> names) {}

  final Map<String, byte[]> files = new TreeMap<>();
  final TreeSet<String> directories = new TreeSet<>();

  /** Directories that the call under way makes or removes. */
  final TreeSet<String> directoriesUnderWay = new TreeSet<>();

  /** Permissions that were set; other files and directories have those they were made with. */
  final Map<String, Integer> modes = new TreeMap<>();

  /** Permissions that the call under way sets. */
  final TreeSet<Integer> modesUnderWay = new TreeSet<>();

  private final int fileMode;
  private final int directoryMode;

  /** Outcomes beside "nothing happened"; empty between calls. */
  private final List<Outcome> underWay = new ArrayList<>();

  /** A model of an empty folder, and the permissions of what is made in it. */
  CrashModel(int fileMode, int directoryMode) {
    this.fileMode = fileMode;
    this.directoryMode = directoryMode;
  }

  void mayBecome(Outcome outcome) {
    underWay.add(outcome);
  }

  void mayBecome(String name, CrashExpectation content) {
    mayBecome(new Outcome(Map.of(name, content)));
  }

  /** The call under way was answered. */
  void answered() {
    underWay.clear();
    directoriesUnderWay.clear();
    modesUnderWay.clear();
  }

  /** The name has gone, or has another's permissions now. */
  void renamedMode(String from, String to) {
    Integer mode = modes.remove(from);
    if (mode == null) {
      modes.remove(to);
    } else {
      modes.put(to, mode);
    }
  }

  private int mode(String name, boolean directory) {
    return modes.getOrDefault(name, directory ? directoryMode : fileMode);
  }

  /** Compares permissions; what the call under way touches may have any that it knew of. */
  private void settleModes(Map<String, Integer> there, Set<String> folders, List<String> wrong) {
    var touched = new TreeSet<>(directoriesUnderWay);
    underWay.forEach(o -> touched.addAll(o.names().keySet()));
    var allowed = new TreeSet<>(modesUnderWay);
    allowed.addAll(List.of(fileMode, directoryMode));
    touched.forEach(name -> allowed.add(mode(name, false)));
    there.forEach(
        (name, actual) -> {
          int wanted = mode(name, folders.contains(name));
          if (actual != wanted && !(touched.contains(name) && allowed.contains(actual))) {
            wrong.add(
                String.format("%s has the permissions %o in place of %o", name, actual, wanted));
          }
        });
    modes.clear();
    modes.putAll(there);
  }

  /**
   * Compares with what is there, and takes over what an interrupted call left.
   *
   * @param there the files, by names as the model has them
   * @param folders the directories
   * @param permissions of both
   * @return what is wrong; empty for nothing
   */
  List<String> settle(
      Map<String, byte[]> there, Set<String> folders, Map<String, Integer> permissions) {
    List<Outcome> outcomes = new ArrayList<>(List.of(new Outcome(Map.of())));
    outcomes.addAll(underWay);
    List<String> best = List.of();
    int fewest = Integer.MAX_VALUE;
    for (Outcome outcome : outcomes) {
      List<String> wrong = differences(outcome, there);
      if (wrong.size() < fewest) {
        fewest = wrong.size();
        best = wrong;
      }
    }
    for (String folder : directories) {
      if (!folders.contains(folder) && !directoriesUnderWay.contains(folder)) {
        best.add("the directory " + folder + " is missing");
      }
    }
    for (String folder : folders) {
      if (!directories.contains(folder) && !directoriesUnderWay.contains(folder)) {
        best.add("the directory " + folder + " came back");
      }
    }
    settleModes(permissions, folders, best);
    answered();
    files.clear();
    files.putAll(there);
    directories.clear();
    directories.addAll(folders);
    return best;
  }

  private List<String> differences(Outcome outcome, Map<String, byte[]> there) {
    List<String> wrong = new ArrayList<>();
    var names = new TreeSet<>(files.keySet());
    names.addAll(there.keySet());
    names.addAll(outcome.names().keySet());
    for (String name : names) {
      CrashExpectation wanted =
          outcome.names().getOrDefault(name, CrashExpectation.exactly(files.get(name)));
      byte[] actual = there.get(name);
      if (!wanted.allows(actual)) {
        wrong.add(
            name
                + " has "
                + (actual == null ? "nothing" : actual.length + " bytes")
                + " in place of "
                + wanted.describe());
      }
    }
    return wrong;
  }
}
