package io.azcp.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The JDKs of this machine. */
public final class Jdks {
  private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)");
  private static final Path JDKS = Path.of("/usr/lib/jvm");

  private Jdks() {}

  /** The newest one. */
  public static Path newest() throws IOException {
    Path newest = Path.of(System.getProperty("java.home"));
    for (Path home : homes()) {
      if (version(home) > version(newest)) {
        newest = home;
      }
    }
    return newest;
  }

  /** One of a version; null where there is none. */
  static Path of(int version) throws IOException {
    for (Path home : homes()) {
      if (version(home) == version) {
        return home;
      }
    }
    return null;
  }

  private static List<Path> homes() throws IOException {
    if (!Files.isDirectory(JDKS)) {
      return List.of();
    }
    try (Stream<Path> homes = Files.list(JDKS)) {
      return homes.filter(home -> Files.isExecutable(home.resolve("bin/java"))).sorted().toList();
    }
  }

  /** The major version of one. */
  public static int version(Path home) throws IOException {
    Path release = home.resolve("release");
    Matcher found = VERSION.matcher(Files.exists(release) ? Files.readString(release) : "");
    return found.find() ? Integer.parseInt(found.group(1)) : 0;
  }
}
