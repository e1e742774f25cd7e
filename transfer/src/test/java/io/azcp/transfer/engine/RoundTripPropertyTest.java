package io.azcp.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.MemoryBlobService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Random trees, uploaded and downloaded again, are the same. */
class RoundTripPropertyTest {
  private static final int BLOCK = 512;

  @Provide
  Arbitrary<Map<String, Integer>> trees() {
    Arbitrary<String> part =
        Arbitraries.oneOf(
            Arbitraries.strings().withChars("ab%41# +?&=~'ü日").ofMinLength(1).ofMaxLength(6),
            Arbitraries.of("a", "b", "c.txt", ".hidden", "sp ace "));
    Arbitrary<String> name =
        part.list().ofMinSize(1).ofMaxSize(4).map(parts -> String.join("/", parts));
    Arbitrary<Integer> size =
        Arbitraries.oneOf(
            Arbitraries.of(0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK),
            Arbitraries.integers().between(0, 5 * BLOCK));
    return Arbitraries.maps(name, size).ofMinSize(1).ofMaxSize(25);
  }

  @Property(tries = 60)
  void upAndDownAgree(@ForAll("trees") Map<String, Integer> sizes, @ForAll long seed)
      throws IOException {
    Map<String, byte[]> files = files(sizes, new Random(seed));
    Path root = Files.createTempDirectory("azcp-tree");
    try (var service = new MemoryBlobService()) {
      service.createContainer("c");
      Path up = Files.createDirectory(root.resolve("up"));
      Path down = root.resolve("down");
      Trees.write(up, files);
      var heard = new Heard();
      TransferOptions options =
          TransferOptions.defaults().withRecursive(true).withBlockSize(BLOCK).withLimits(3, 2);
      var upload = new UploadJob(service, options, heard, up, "c", "x");
      upload.run();
      var download = new DownloadJob(service, options, heard, "c", "x", down, false);
      download.run();
      assertThat(heard.failed).isEmpty();
      assertThat(heard.warned).isEmpty();
      Map<String, byte[]> back = Trees.read(down);
      assertThat(back).containsOnlyKeys(files.keySet());
      files.forEach((name, bytes) -> assertThat(back.get(name)).as(name).isEqualTo(bytes));
      assertThat(upload.stats().files()).isEqualTo(files.size());
      assertThat(download.stats().bytes()).isEqualTo(upload.stats().bytes());
    } finally {
      delete(root);
    }
  }

  /** Leaves out names that are a directory of another's, which no tree of files can have. */
  private static Map<String, byte[]> files(Map<String, Integer> sizes, Random random) {
    Set<String> directories = new HashSet<>();
    for (String name : sizes.keySet()) {
      for (int slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
        directories.add(name.substring(0, slash));
      }
    }
    Map<String, byte[]> files = new TreeMap<>();
    sizes.forEach(
        (name, size) -> {
          if (!directories.contains(name)) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            files.put(name, bytes);
          }
        });
    return files;
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
