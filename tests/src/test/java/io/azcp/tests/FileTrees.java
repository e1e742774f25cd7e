package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Small trees of files, made and compared. */
final class FileTrees {
  private FileTrees() {}

  /** Writes so many files of random lengths and contents, up to a hundred in a directory. */
  static Map<String, byte[]> write(Path root, int files, int longest, long seed)
      throws IOException {
    Random random = new Random(seed);
    Map<String, byte[]> written = new TreeMap<>();
    for (int i = 0; i < files; i++) {
      byte[] content = new byte[random.nextInt(longest + 1)];
      random.nextBytes(content);
      written.put("d" + i / 100 + "/f" + i, content);
    }
    write(root, written);
    return written;
  }

  static void write(Path root, Map<String, byte[]> files) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = root.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
  }

  /** Every regular file below a folder, by its path. */
  static Map<String, byte[]> read(Path root) throws IOException {
    Map<String, byte[]> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        found.put(root.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return found;
  }

  /** Compares without printing contents. */
  static void assertSame(Map<String, byte[]> actual, Map<String, byte[]> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    assertThat(expected.keySet().stream())
        .as("files of other content")
        .filteredOn(name -> !Arrays.equals(actual.get(name), expected.get(name)))
        .isEmpty();
  }
}
