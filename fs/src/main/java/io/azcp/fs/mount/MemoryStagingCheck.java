package io.azcp.fs.mount;

import io.azcp.base.UsageException;
import io.azcp.base.posix.Identity;
import io.azcp.config.MappingRule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Whether what is staged in memory stays there: logind deletes the files of a user who logs out
 * from {@code /dev/shm}, unless {@code RemoveIPC=no} (logind.conf(5)); root and system users are
 * exempt.
 */
final class MemoryStagingCheck {
  private static final int FIRST_USER = 1000;
  private static final String KEY = "removeipc";

  private final Path root;
  private final int uid;

  MemoryStagingCheck(Path root, int uid) {
    this.root = root;
    this.uid = uid;
  }

  /** Refuses a rule that stages in memory where that is not safe. */
  static void check(MappingRule rule) throws UsageException {
    boolean memory = rule.writing().staging().memory() && !rule.readOnly();
    if (memory && new MemoryStagingCheck(Path.of("/"), Identity.euid()).deletes()) {
      throw new UsageException(
          rule.origin()
              + ": staging: shm is not safe for you: logind deletes your files from /dev/shm when"
              + " you log out; set RemoveIPC=no in /etc/systemd/logind.conf, mount as root, or"
              + " leave the key out");
    }
  }

  /** Whether logind runs and deletes this user's files. */
  boolean deletes() {
    if (uid < FIRST_USER || !Files.isDirectory(root.resolve("run/systemd/users"))) {
      return false;
    }
    String value = "yes";
    for (Path file : files()) {
      for (String line : lines(file)) {
        String[] parts = line.strip().split("=", 2);
        if (parts.length == 2 && parts[0].strip().toLowerCase(Locale.ROOT).equals(KEY)) {
          value = parts[1].strip().toLowerCase(Locale.ROOT);
        }
      }
    }
    return !List.of("no", "false", "off", "0").contains(value);
  }

  /** The main file, then the drop-ins in the order of their names, whatever folder they are in. */
  private List<Path> files() {
    List<Path> files = new ArrayList<>(List.of(root.resolve("etc/systemd/logind.conf")));
    List<Path> dropIns = new ArrayList<>();
    for (String folder : List.of("usr/lib", "run", "etc")) {
      dropIns.addAll(settings(root.resolve(folder + "/systemd/logind.conf.d")));
    }
    dropIns.sort((a, b) -> a.getFileName().compareTo(b.getFileName()));
    files.addAll(dropIns);
    return files;
  }

  private static List<Path> settings(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(f -> f.toString().endsWith(".conf")).toList();
    } catch (IOException absent) {
      return List.of();
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      return List.of();
    }
  }
}
