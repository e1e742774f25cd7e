package io.azcp.tests;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Seeded random calls on a folder of a mount, one after the other, until one of them fails because
 * the daemon is dead. The model tells what was answered, and what may have become of the last call.
 */
final class CrashWorkload {
  /** The calls. */
  enum Kind {
    WRITE,
    APPEND,
    CHANGE,
    TRUNCATE,
    SYNCED_WRITE,
    CHECKPOINT,
    RENAME,
    UNLINK,
    MKDIR,
    RMDIR,
    RENAME_DIRECTORY,
    CHMOD
  }

  private static final List<Kind> MIX =
      List.of(
          Kind.WRITE,
          Kind.WRITE,
          Kind.WRITE,
          Kind.APPEND,
          Kind.APPEND,
          Kind.CHANGE,
          Kind.TRUNCATE,
          Kind.SYNCED_WRITE,
          Kind.CHECKPOINT,
          Kind.CHECKPOINT,
          Kind.RENAME,
          Kind.RENAME,
          Kind.UNLINK,
          Kind.UNLINK,
          Kind.MKDIR,
          Kind.RMDIR,
          Kind.RENAME_DIRECTORY,
          Kind.CHMOD,
          Kind.CHMOD);

  private static final int MOST_CALLS = 60;
  private static final int NAMES = 5;
  private static final int DIRECTORIES = 3;
  private static final int LARGEST = 200_000;

  /** The newest calls, the one under way last. */
  final java.util.ArrayDeque<String> calls = new java.util.ArrayDeque<>();

  final CrashModel model;
  final Map<Kind, Integer> answered = new EnumMap<>(Kind.class);
  private final Path root;

  private Random random = new Random();

  /** Work below a folder; the permissions are those of new files and directories. */
  CrashWorkload(Path root, int fileMode, int directoryMode) {
    this.root = root;
    model = new CrashModel(fileMode, directoryMode);
  }

  /** Runs calls until one fails; answers how that was told. */
  IOException runUntilKilled(long seed) {
    random = new Random(seed);
    while (true) {
      Kind kind = MIX.get(random.nextInt(MIX.size()));
      try {
        if (run(kind)) {
          model.answered();
          answered.merge(kind, 1, Integer::sum);
        }
      } catch (IOException e) {
        return e;
      }
    }
  }

  private void log(String call) {
    if (calls.size() == MOST_CALLS) {
      calls.removeFirst();
    }
    calls.addLast(call);
  }

  private boolean run(Kind kind) throws IOException {
    return switch (kind) {
      case WRITE -> write(name(), false);
      case SYNCED_WRITE -> write(name(), true);
      case APPEND -> append(name());
      case CHANGE -> change(existing());
      case TRUNCATE -> truncate(existing());
      case CHECKPOINT -> checkpoint(name());
      case RENAME -> rename(existing(), name());
      case UNLINK -> unlink(existing());
      case MKDIR -> mkdir("d" + random.nextInt(DIRECTORIES));
      case RMDIR -> rmdir();
      case RENAME_DIRECTORY -> renameDirectory();
      case CHMOD -> chmod();
    };
  }

  private String name() {
    String leaf = "f" + random.nextInt(NAMES);
    if (model.directories.isEmpty() || random.nextBoolean()) {
      return leaf;
    }
    return pick(new ArrayList<>(model.directories)) + "/" + leaf;
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** A file that is there; null where none is. */
  private String existing() {
    return model.files.isEmpty() ? null : pick(new ArrayList<>(model.files.keySet()));
  }

  private byte[] bytes() {
    int most = random.nextInt(3) == 0 ? LARGEST : 3000;
    byte[] bytes = new byte[random.nextInt(most)];
    random.nextBytes(bytes);
    return bytes;
  }

  private Path at(String name) {
    return root.resolve(name);
  }

  /** One write at an offset; tells the model before and after. */
  private byte[] put(
      RandomAccessFile file, String name, byte[] before, int offset, byte[] data, boolean known)
      throws IOException {
    if (known) {
      model.mayBecome(name, CrashExpectation.writing(before, offset, data));
    }
    file.seek(offset);
    file.write(data);
    return CrashExpectation.overlay(before, offset, data, data.length);
  }

  /** The content may be there from now on, whatever happens: its close or fsync is under way. */
  private void closing(String name, byte[] content) {
    model.mayBecome(name, CrashExpectation.exactly(content));
  }

  private boolean write(String name, boolean sync) throws IOException {
    // A file that was acknowledged before is uploaded as it lies; one that never was, not at all.
    log((sync ? "synced write " : "write ") + name);
    boolean known = model.files.containsKey(name);
    byte[] content = new byte[0];
    if (known) {
      model.mayBecome(name, CrashExpectation.exactly(content));
    }
    try (var file = new RandomAccessFile(at(name).toFile(), "rw")) {
      file.setLength(0);
      for (int parts = 1 + random.nextInt(3); parts > 0; parts--) {
        content = put(file, name, content, content.length, bytes(), known);
        if (sync) {
          closing(name, content);
          file.getFD().sync();
          model.answered();
          model.files.put(name, content);
          known = true;
        }
      }
      closing(name, content);
    }
    model.files.put(name, content);
    return true;
  }

  private boolean append(String name) throws IOException {
    log("append " + name);
    byte[] old = model.files.get(name);
    byte[] before = old == null ? new byte[0] : old;
    byte[] content;
    try (var file = new RandomAccessFile(at(name).toFile(), "rw")) {
      content = put(file, name, before, before.length, bytes(), old != null);
      closing(name, content);
    }
    model.files.put(name, content);
    return true;
  }

  private boolean change(String name) throws IOException {
    if (name == null) {
      return false;
    }
    log("change " + name);
    byte[] content = model.files.get(name);
    try (var file = new RandomAccessFile(at(name).toFile(), "rw")) {
      for (int parts = 1 + random.nextInt(3); parts > 0; parts--) {
        int offset = random.nextInt(content.length + 1);
        content = put(file, name, content, offset, bytes(), true);
      }
      closing(name, content);
    }
    model.files.put(name, content);
    return true;
  }

  private boolean truncate(String name) throws IOException {
    if (name == null) {
      return false;
    }
    log("truncate " + name);
    byte[] before = model.files.get(name);
    byte[] content = Arrays.copyOf(before, random.nextInt(before.length + 5000));
    closing(name, content);
    try (var file = new RandomAccessFile(at(name).toFile(), "rw")) {
      file.setLength(content.length);
    }
    model.files.put(name, content);
    return true;
  }

  private boolean checkpoint(String name) throws IOException {
    String temporary = name + ".tmp";
    write(temporary, true);
    model.answered();
    rename(temporary, name);
    return true;
  }

  private boolean rename(String from, String to) throws IOException {
    if (from == null || from.equals(to)) {
      return false;
    }
    log("rename " + from + " to " + to);
    byte[] content = model.files.get(from);
    model.mayBecome(
        new CrashModel.Outcome(
            Map.of(from, CrashExpectation.exactly(null), to, CrashExpectation.exactly(content))));
    Files.move(
        at(from), at(to), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    model.files.put(to, content);
    model.files.remove(from);
    model.renamedMode(from, to);
    return true;
  }

  private boolean unlink(String name) throws IOException {
    if (name == null) {
      return false;
    }
    log("unlink " + name);
    closing(name, null);
    Files.delete(at(name));
    model.files.remove(name);
    model.modes.remove(name);
    return true;
  }

  private boolean mkdir(String name) throws IOException {
    if (model.directories.contains(name)) {
      return false;
    }
    log("mkdir " + name);
    model.directoriesUnderWay.add(name);
    Files.createDirectory(at(name));
    model.directories.add(name);
    return true;
  }

  private boolean rmdir() throws IOException {
    for (String directory : model.directories) {
      if (model.files.keySet().stream().noneMatch(n -> n.startsWith(directory + "/"))) {
        log("rmdir " + directory);
        model.directoriesUnderWay.add(directory);
        Files.delete(at(directory));
        model.directories.remove(directory);
        model.modes.remove(directory);
        return true;
      }
    }
    return false;
  }

  private boolean chmod() throws IOException {
    List<String> names = new ArrayList<>(model.files.keySet());
    names.addAll(model.directories);
    if (names.isEmpty()) {
      return false;
    }
    String name = pick(names);
    int mode = 0700 | random.nextInt(0100);
    log(String.format("chmod %o %s", mode, name));
    model.modesUnderWay.add(mode);
    if (model.directories.contains(name)) {
      model.directoriesUnderWay.add(name);
    } else {
      closing(name, model.files.get(name));
    }
    Files.setAttribute(at(name), "unix:mode", mode);
    model.modes.put(name, mode);
    return true;
  }

  private boolean renameDirectory() throws IOException {
    String to = "d" + random.nextInt(DIRECTORIES);
    if (model.directories.isEmpty() || model.directories.contains(to)) {
      return false;
    }
    String from = pick(new ArrayList<>(model.directories));
    log("rename directory " + from + " to " + to);
    Map<String, CrashExpectation> outcome = new TreeMap<>();
    Map<String, byte[]> moved = new TreeMap<>();
    for (Map.Entry<String, byte[]> file : model.files.entrySet()) {
      if (file.getKey().startsWith(from + "/")) {
        String now = to + file.getKey().substring(from.length());
        outcome.put(file.getKey(), CrashExpectation.exactly(null));
        outcome.put(now, CrashExpectation.exactly(file.getValue()));
        moved.put(now, file.getValue());
      }
    }
    model.mayBecome(new CrashModel.Outcome(outcome));
    model.directoriesUnderWay.addAll(List.of(from, to));
    Files.move(at(from), at(to), StandardCopyOption.ATOMIC_MOVE);
    model.files.keySet().removeIf(n -> n.startsWith(from + "/"));
    model.files.putAll(moved);
    moved.keySet().forEach(n -> model.renamedMode(from + n.substring(to.length()), n));
    model.renamedMode(from, to);
    model.directories.remove(from);
    model.directories.add(to);
    return true;
  }
}
