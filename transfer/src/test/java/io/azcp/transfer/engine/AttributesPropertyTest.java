package io.azcp.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.MemoryBlobService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Random trees of files, directories and symbolic links, with random modes and times, are the same
 * after they were uploaded and downloaded with all their attributes.
 */
class AttributesPropertyTest {
  private static final int BLOCK = 512;

  /** What is made at a path; what it lies below is made where it is missing. */
  private record Node(String path, char kind, int size, int mode, long nanos, String target) {}

  @Provide
  Arbitrary<List<Node>> trees() {
    Arbitrary<String> part = Arbitraries.of("a", "b", "c.txt", "ü 日", "%41");
    Arbitrary<String> path =
        part.list().ofMinSize(1).ofMaxSize(3).map(parts -> String.join("/", parts));
    Arbitrary<Long> nanos = Arbitraries.longs().between(1, 4_000_000_000_000_000_000L);
    return Combinators.combine(
            path,
            Arbitraries.of('f', 'f', 'd', 'l'),
            Arbitraries.integers().between(0, 5 * BLOCK),
            Arbitraries.integers().between(0, 0777),
            nanos,
            Arbitraries.of("a", "../b", "/etc", "no/where", "日"))
        .as(Node::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(15);
  }

  @Property(tries = 50)
  void upAndDownAgree(@ForAll("trees") List<Node> nodes) throws IOException {
    Path root = Files.createTempDirectory("azcp-tree");
    try (var service = new MemoryBlobService()) {
      service.createContainer("c");
      Path up = Files.createDirectory(root.resolve("up"));
      for (Node node : nodes) {
        make(up, node);
      }
      for (Node node : nodes) {
        // Last, since making what lies below changes the times.
        describe(up, node);
      }
      var heard = new Heard();
      TransferOptions options =
          TransferOptions.builder()
              .recursive(true)
              .blockSize(BLOCK)
              .concurrency(3)
              .preservePosix(true)
              .symlinks(Symlinks.PRESERVE)
              .build();
      new UploadJob(service, options, heard, up, "c", "x").run();
      Path down = root.resolve("down");
      new DownloadJob(service, options, heard, "c", "x", down, false).run();
      assertThat(heard.failed).isEmpty();
      assertThat(heard.warned).isEmpty();
      assertThat(read(down)).isEqualTo(read(up));
    } finally {
      delete(root);
    }
  }

  private static void make(Path root, Node node) throws IOException {
    Path path = LocalPaths.resolve(root, node.path());
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) || !directories(root, path.getParent())) {
      return;
    }
    switch (node.kind()) {
      case 'f' -> Files.write(path, bytes(node));
      case 'd' -> Files.createDirectory(path);
      default -> io.azcp.base.posix.Files.symlink(Trees.utf8(node.target()), LocalPaths.show(path));
    }
  }

  private static byte[] bytes(Node node) {
    byte[] bytes = new byte[node.size()];
    Arrays.fill(bytes, (byte) node.mode());
    return bytes;
  }

  /** False where a file or link is in the way. */
  private static boolean directories(Path root, Path directory) throws IOException {
    if (directory.equals(root)) {
      return true;
    }
    if (!directories(root, directory.getParent())) {
      return false;
    }
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(directory);
    }
    return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS);
  }

  private static void describe(Path root, Node node) throws IOException {
    Path path = LocalPaths.resolve(root, node.path());
    boolean here = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    boolean directory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    if (here || directory) {
      Files.setLastModifiedTime(path, FileTime.from(node.nanos(), TimeUnit.NANOSECONDS));
      // A directory stays open to its owner, who may not be root.
      Files.setAttribute(path, "unix:mode", node.mode() | (directory ? 0700 : 0400));
    }
  }

  private static Map<String, String> read(Path root) throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.filter(p -> !p.equals(root)).toList()) {
        tree.put(LocalPaths.show(root.relativize(path.toAbsolutePath())), what(path));
      }
    }
    return tree;
  }

  private static String what(Path path) throws IOException {
    var attributes =
        Files.readAttributes(path, "unix:mode,lastModifiedTime,uid,gid", LinkOption.NOFOLLOW_LINKS);
    String content = "";
    if (Files.isSymbolicLink(path)) {
      content =
          new String(
              io.azcp.base.posix.Files.readlink(LocalPaths.show(path)), StandardCharsets.UTF_8);
    } else if (Files.isRegularFile(path)) {
      content = Arrays.toString(Files.readAllBytes(path));
    }
    return attributes + content;
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
