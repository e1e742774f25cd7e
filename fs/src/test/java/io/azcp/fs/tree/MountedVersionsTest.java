package io.azcp.fs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.azcp.base.posix.Identity;
import io.azcp.config.Consistency;
import io.azcp.fs.fuse.Binding;
import io.azcp.fs.fuse.FileSystemPort;
import io.azcp.fs.fuse.MountOptions;
import io.azcp.fs.fuse.MountPoint;
import io.azcp.fs.fuse.MountTable;
import io.azcp.fs.fuse.Shell;
import io.azcp.fs.fuse.jnr.JnrBinding;
import io.azcp.fs.fuse.kernel.KernelBinding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions as an application sees them through a mount, on both bindings. */
class MountedVersionsTest {
  private static final int LARGE = 300_000;

  @TempDir Path folder;
  private Rig rig;
  private Volume volume;
  private Tree tree;
  private Binding binding;
  private Path root;

  @BeforeEach
  void canMount() {
    assumeTrue(Identity.euid() == 0 && Files.exists(Path.of("/dev/fuse")), "mounting needs root");
  }

  private interface Mounting {
    Binding mount(MountOptions options, FileSystemPort port) throws IOException;
  }

  private void mount(String kind, Consistency consistency) throws Exception {
    boolean jnr = kind.equals("jnr");
    assumeTrue(
        !jnr
            || Shell.sh("ls /usr/lib/*/libfuse.so.2 /lib/*/libfuse.so.2 | grep -q .").status() == 0,
        "libfuse2 is not installed");
    rig = new Rig(folder, consistency);
    volume = rig.volume("", false, Listings.MAX_NAMES);
    tree = new Tree(Map.of("", volume), Rig.OWNERSHIP);
    root = Files.createDirectory(folder.resolve("mnt"));
    Mounting how = jnr ? JnrBinding::mount : KernelBinding::mount;
    binding = how.mount(MountOptions.of("memory", root.toString()), tree);
    tree.passthrough(binding.passthrough());
  }

  @AfterEach
  void unmount() throws IOException {
    if (binding != null) {
      binding.close();
      while (MountTable.at(root.toString()).isPresent()) {
        MountPoint.unmount(root.toString(), true);
      }
    }
    if (rig != null) {
      rig.close();
    }
  }

  private static String text(char letter, int length) {
    char[] text = new char[length];
    Arrays.fill(text, letter);
    return new String(text);
  }

  private static String read(FileChannel file, long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    int n = 1;
    while (n > 0 && bytes.hasRemaining()) {
      n = file.read(bytes, offset + bytes.position());
    }
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
  }

  private void refresh(String name) {
    tree.refresh(volume, name, binding);
  }

  // semantics: one-version
  @ParameterizedTest
  @ValueSource(strings = {"kernel", "jnr"})
  void anOpenFileReadsOnItsVersionWhileNewOpensSeeTheNewOne(String kind) throws Exception {
    mount(kind, Consistency.TTL);
    for (int length : new int[] {1000, LARGE}) {
      String name = "f" + length;
      String one = text('1', length);
      String two = text('2', length + 500);
      rig.put(name, one);
      refresh(name);
      assertThat(Files.readString(root.resolve(name))).isEqualTo(one);
      try (FileChannel old = FileChannel.open(root.resolve(name))) {
        assertThat(read(old, 0, 100)).isEqualTo(text('1', 100));
        rig.put(name, two);
        refresh(name);
        assertThat(Files.readString(root.resolve(name))).isEqualTo(two);
        assertThat(read(old, 0, length)).isEqualTo(one);
        try (FileChannel now = FileChannel.open(root.resolve(name))) {
          assertThat(read(now, 0, 2 * length)).isEqualTo(two);
          assertThat(read(old, length - 100, 100)).isEqualTo(text('1', 100));
        }
      }
      assertThat(Files.readString(root.resolve(name))).isEqualTo(two);
    }
  }

  // semantics: one-version
  @ParameterizedTest
  @ValueSource(strings = {"kernel", "jnr"})
  void whatIsMissingOfAReplacedVersionIsRefused(String kind) throws Exception {
    mount(kind, Consistency.TTL);
    rig.put("a", text('1', 20_000_000));
    try (FileChannel old = FileChannel.open(root.resolve("a"))) {
      assertThat(read(old, 0, 100)).isEqualTo(text('1', 100));
      rig.put("a", text('2', 20_000_000));
      assertThatThrownBy(() -> read(old, 19_000_000, 100))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("tale");
      try (FileChannel now = FileChannel.open(root.resolve("a"))) {
        assertThat(read(now, 19_000_000, 100)).isEqualTo(text('2', 100));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"kernel", "jnr"})
  void openSeesEveryReplacement(String kind) throws Exception {
    mount(kind, Consistency.OPEN);
    for (int i = 0; i < 10; i++) {
      String text = text((char) ('a' + i), 1000 + 50_000 * (i % 4));
      rig.put("a", text);
      assertThat(Files.readString(root.resolve("a"))).isEqualTo(text);
    }
  }

  @ParameterizedTest
  @EnumSource
  void refreshTellsTheKernel(Consistency consistency) throws Exception {
    mount("kernel", consistency);
    rig.put("d/a", "one");
    rig.put("d/gone", "x");
    assertThat(Files.size(root.resolve("d/a"))).isEqualTo(3);
    assertThat(Files.exists(root.resolve("d/gone"))).isTrue();
    rig.put("d/a", "second");
    rig.put("d/new", "x");
    rig.memory.delete(Rig.BOX, "d/gone", io.azcp.transfer.blob.Conditions.NONE);
    assertThat(Files.size(root.resolve("d/a"))).isEqualTo(3);
    refresh("d");
    assertThat(Files.size(root.resolve("d/a"))).isEqualTo(6);
    assertThat(Files.exists(root.resolve("d/gone"))).isFalse();
    assertThat(Files.exists(root.resolve("d/new"))).isTrue();
  }

  @Test
  void theKernelGivesBackNodesThatNothingUses() throws Exception {
    mount("kernel", Consistency.TTL);
    for (int i = 0; i < 300; i++) {
      rig.put("d/f" + i, "x");
    }
    try (FileChannel open = FileChannel.open(root.resolve("d/f7"))) {
      assertThat(Shell.sh("ls -l \"$1\" | wc -l", root.resolve("d")).output().strip())
          .isEqualTo("301");
      assertThat(tree.nodes()).isGreaterThan(300);
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(
              () -> {
                tree.trimNodes(100, binding);
                return tree.nodes() <= 100;
              });
      assertThat(read(open, 0, 1)).isEqualTo("x");
    }
    assertThat(Shell.sh("ls -l \"$1\" | wc -l", root.resolve("d")).output().strip())
        .isEqualTo("301");
  }

  // semantics: one-version
  @Test
  void aMappedFileKeepsItsVersion() throws Exception {
    mount("kernel", Consistency.OPEN);
    rig.put("a", text('1', LARGE));
    assertThat(Files.readString(root.resolve("a"))).hasSize(LARGE);
    ByteBuffer mapped;
    try (FileChannel file = FileChannel.open(root.resolve("a"))) {
      mapped = file.map(FileChannel.MapMode.READ_ONLY, 0, LARGE);
    }
    rig.put("a", text('2', LARGE));
    assertThat(Files.readString(root.resolve("a"))).isEqualTo(text('2', LARGE));
    byte[] bytes = new byte[LARGE];
    mapped.get(bytes);
    assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(text('1', LARGE));
  }
}
