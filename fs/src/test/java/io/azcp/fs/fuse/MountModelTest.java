package io.azcp.fs.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.fs.fuse.jnr.JnrBinding;
import io.azcp.fs.fuse.kernel.KernelBinding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/** Random operations on a mount and on a local folder have the same outcomes and leave the same. */
class MountModelTest {
  private static final List<String> NAMES = List.of("a", "b", "d", "d/a", "d/b", "d/e", "d/e/a");

  /** Sizes around a page and around the size from which files are served by passthrough. */
  private static final List<Integer> SIZES =
      List.of(0, 1, 4096, 5000, (int) MemoryTree.PASSTHROUGH_FROM - 1, 200_000);

  private MountFixture fixture;
  private Path local;

  enum Kind {
    WRITE,
    OVERWRITE,
    APPEND,
    TRUNCATE,
    RENAME,
    EXCLUSIVE_CREATE,
    UNLINK_OPEN,
    DELETE,
    MKDIR,
    SYMLINK,
    CHMOD
  }

  record Step(Kind kind, String name, String other, int size) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.of(Kind.class),
            Arbitraries.of(NAMES),
            Arbitraries.of(NAMES),
            Arbitraries.of(SIZES))
        .as(Step::new)
        .list()
        .ofMinSize(5)
        .ofMaxSize(60);
  }

  @BeforeTry
  void prepare() throws IOException {
    fixture = new MountFixture();
    local = Files.createDirectory(fixture.folder().resolve("local"));
  }

  @AfterTry
  void cleanUp() throws IOException {
    fixture.close();
  }

  @Property(tries = 40)
  void theKernelBindingAgreesWithALocalFolder(@ForAll("steps") List<Step> steps)
      throws IOException {
    compare(fixture.mount(KernelBinding::mount, fixture.options()), steps);
  }

  @Property(tries = 10)
  void theJnrBindingAgreesWithALocalFolder(@ForAll("steps") List<Step> steps) throws IOException {
    compare(fixture.mount(JnrBinding::mount, fixture.options()), steps);
  }

  private void compare(MountFixture mounted, List<Step> steps) throws IOException {
    for (int i = 0; i < steps.size(); i++) {
      String onMount = outcome(mounted.mountPoint(), steps.get(i), i);
      String onDisk = outcome(local, steps.get(i), i);
      assertThat(onMount).as("step %d: %s", i, steps.get(i)).isEqualTo(onDisk);
    }
    assertThat(contents(mounted.mountPoint())).isEqualTo(contents(local));
  }

  /** What the step answered, or why it failed. */
  private static String outcome(Path root, Step step, int number) {
    try {
      return apply(root, step, (byte) number);
    } catch (FileSystemException e) {
      return e.getClass().getSimpleName() + " " + e.getReason();
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  private static String apply(Path root, Step step, byte fill) throws IOException {
    Path path = root.resolve(step.name());
    byte[] bytes = new byte[step.size()];
    Arrays.fill(bytes, fill);
    switch (step.kind()) {
      case WRITE -> Files.write(path, bytes);
      case OVERWRITE -> overwrite(path, step.size() / 2, bytes);
      case APPEND -> Files.write(path, bytes, StandardOpenOption.APPEND);
      case TRUNCATE -> truncate(path, step.size());
      case RENAME -> Files.move(path, root.resolve(step.other()), StandardCopyOption.ATOMIC_MOVE);
      case EXCLUSIVE_CREATE -> Files.write(path, bytes, StandardOpenOption.CREATE_NEW);
      case UNLINK_OPEN -> {
        return unlinkOpen(path, bytes);
      }
      case DELETE -> Files.delete(path);
      case MKDIR -> Files.createDirectory(path);
      case SYMLINK -> Files.createSymbolicLink(path, Path.of(step.other()));
      case CHMOD -> Files.setPosixFilePermissions(path, permissions(step.size()));
    }
    return "done";
  }

  private static void overwrite(Path path, int at, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes), at);
    }
  }

  private static void truncate(Path path, int size) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  private static String unlinkOpen(Path path, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long before = channel.size();
      Files.delete(path);
      channel.write(ByteBuffer.wrap(bytes), 10);
      ByteBuffer back = ByteBuffer.allocate(bytes.length + 20);
      int count = channel.read(back, 0);
      return before + " " + channel.size() + " " + count + " " + Arrays.hashCode(back.array());
    }
  }

  private static Set<PosixFilePermission> permissions(int size) {
    Set<PosixFilePermission> set =
        EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    set.add(PosixFilePermission.OWNER_EXECUTE);
    if (size % 2 == 0) {
      set.add(PosixFilePermission.OTHERS_READ);
    }
    return set;
  }

  /** Every name with its type, permissions and content. */
  private static Map<String, String> contents(Path root) throws IOException {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(root)) {
      walk.filter(path -> !path.equals(root)).forEach(all::add);
    }
    Map<String, String> contents = new TreeMap<>();
    for (Path path : all) {
      contents.put(root.relativize(path).toString(), describe(path));
    }
    return contents;
  }

  private static String describe(Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return "link to " + Files.readSymbolicLink(path);
    }
    String mode = Files.getPosixFilePermissions(path).toString();
    if (Files.isDirectory(path)) {
      return "directory " + mode;
    }
    byte[] bytes = Files.readAllBytes(path);
    return mode + " " + Files.size(path) + " " + bytes.length + " " + Arrays.hashCode(bytes);
  }
}
