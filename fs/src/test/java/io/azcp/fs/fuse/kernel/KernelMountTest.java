package io.azcp.fs.fuse.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.azcp.base.posix.Fd;
import io.azcp.fs.fuse.Binding;
import io.azcp.fs.fuse.FileSystemPort;
import io.azcp.fs.fuse.MemoryTree;
import io.azcp.fs.fuse.MountContract;
import io.azcp.fs.fuse.MountOptions;
import io.azcp.fs.fuse.Shell;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The kernel binding: the common contract, passthrough, late and doubled answers. */
class KernelMountTest extends MountContract {
  /** Short enough to wait for, and long for a request that is answered at once. */
  private static final Duration DEADLINE = Duration.ofSeconds(3);

  private static final int LARGE = (int) MemoryTree.PASSTHROUGH_FROM * 4;

  @Override
  protected Binding mount(MountOptions options, FileSystemPort port) throws IOException {
    return KernelBinding.mount(options, port);
  }

  @Override
  protected String name() {
    return "kernel";
  }

  private void remount(MountOptions options) throws Exception {
    fixture.binding().unmount(false);
    fixture.binding().awaitEnd();
    fixture.mount(this::mount, options);
  }

  // semantics: passthrough
  @Test
  void largeFilesAreReadAndWrittenWithoutTheDaemon() throws IOException {
    assumeTrue(fixture.binding().passthrough(), fixture.binding().describe());
    Path file = root.resolve("large");
    byte[] bytes = new byte[LARGE];
    Arrays.fill(bytes, (byte) 7);
    Files.write(file, bytes);
    int writes = fixture.tree().calls("write");
    assertThat(writes).isPositive();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), LARGE - 1);
      assertThat(channel.size()).isEqualTo(LARGE + 2);
      assertThat(Files.size(file)).isEqualTo(LARGE + 2);
    }
    byte[] back = Files.readAllBytes(file);
    assertThat(back).hasSize(LARGE + 2);
    assertThat(Arrays.copyOfRange(back, LARGE - 2, LARGE + 2)).isEqualTo(new byte[] {7, 1, 2, 3});
    assertThat(fixture.tree().calls("write")).isEqualTo(writes);
    assertThat(fixture.tree().calls("read")).isZero();
  }

  @Test
  void anOpenFileKeepsItsMode() throws IOException {
    assumeTrue(fixture.binding().passthrough(), fixture.binding().describe());
    Path file = root.resolve("grows");
    Files.writeString(file, "small");
    try (FileChannel cached = FileChannel.open(file, StandardOpenOption.READ)) {
      Files.write(file, new byte[LARGE]);
      try (FileChannel later = FileChannel.open(file, StandardOpenOption.READ)) {
        assertThat(later.read(ByteBuffer.allocate(100), LARGE - 50)).isEqualTo(50);
        assertThat(cached.read(ByteBuffer.allocate(100), LARGE - 50)).isEqualTo(50);
      }
      assertThat(fixture.tree().calls("read")).isPositive();
    }
    await().atMost(Duration.ofMinutes(1)).until(() -> fixture.tree().opens() == 0);
    int reads = fixture.tree().calls("read");
    try (FileChannel direct = FileChannel.open(file, StandardOpenOption.READ)) {
      Files.write(file, new byte[10]);
      try (FileChannel later = FileChannel.open(file, StandardOpenOption.READ)) {
        assertThat(later.read(ByteBuffer.allocate(100), 0)).isEqualTo(10);
        assertThat(direct.read(ByteBuffer.allocate(100), 0)).isEqualTo(10);
      }
    }
    assertThat(fixture.tree().calls("read")).isEqualTo(reads);
  }

  @Test
  void servesFilesItselfWherePassthroughIsOff() throws Exception {
    remount(fixture.options().withPassthrough(false));
    assertThat(fixture.binding().passthrough()).isFalse();
    assertThat(fixture.binding().describe()).contains("no passthrough: switched off");
    byte[] bytes = new byte[LARGE];
    Arrays.fill(bytes, (byte) 9);
    Files.write(root.resolve("large"), bytes);
    assertThat(Files.readAllBytes(root.resolve("large"))).isEqualTo(bytes);
    assertThat(fixture.tree().calls("read")).isPositive();
  }

  @Test
  void mountsThroughFusermount() throws Exception {
    assumeTrue(Shell.has("fusermount3"), "fusermount3 is not installed");
    fixture.binding().unmount(false);
    fixture.binding().awaitEnd();
    MountOptions options =
        new MountOptions(
            "odd, source", root.toString(), false, true, true, MountOptions.REQUEST_DEADLINE);
    fixture.mount((o, port) -> KernelBinding.mount(o, port, true), options);
    Files.writeString(root.resolve("file"), "text");
    assertThat(root.resolve("file")).hasContent("text");
    assertThat(Shell.sh("grep \" $1 \" /proc/self/mounts", root).output())
        .startsWith("odd,\\040source ")
        .contains("fuse.azcp", "nosuid", "nodev", "default_permissions", "allow_other");
  }

  @Test
  void aReadWithoutAnAnswerFailsAtItsDeadline() throws Exception {
    remount(fixture.options().withRequestDeadline(DEADLINE));
    Files.writeString(root.resolve("never-file"), "text");
    assertThat(Shell.sh("cat \"$1\"", root.resolve("never-file")).output())
        .contains("Input/output error");
    assertThat(((KernelBinding) fixture.binding()).parked()).isZero();
  }

  @Test
  void anOpenAnsweredTooLateIsReleased() throws Exception {
    remount(fixture.options().withRequestDeadline(DEADLINE));
    Files.writeString(root.resolve("x"), "text");
    Files.move(root.resolve("x"), root.resolve("late-file"));
    int opened = fixture.tree().calls("open");
    assertThat(Shell.sh("cat \"$1\"", root.resolve("late-file")).output())
        .contains("Input/output error");
    fixture.tree().letGo();
    await().atMost(Duration.ofMinutes(1)).until(() -> fixture.tree().calls("open") > opened);
    await().atMost(Duration.ofMinutes(1)).until(() -> fixture.tree().opens() == 0);
  }

  @Test
  void aWaitingOpenIsInterrupted() throws Exception {
    Files.writeString(root.resolve("x"), "text");
    Files.move(root.resolve("x"), root.resolve("late-file"));
    Process reader = Shell.start("exec cat \"$1\"", root.resolve("late-file"));
    KernelBinding binding = (KernelBinding) fixture.binding();
    await().atMost(Duration.ofMinutes(1)).until(() -> binding.parked() > 0);
    reader.destroyForcibly().waitFor();
    await().atMost(Duration.ofMinutes(1)).until(() -> binding.parked() == 0);
    assertThat(fixture.tree().calls("open")).isZero();
    fixture.tree().letGo();
    await().atMost(Duration.ofMinutes(1)).until(() -> fixture.tree().calls("release") == 2);
    assertThat(fixture.tree().opens()).isZero();
  }

  @Test
  void theSecondOfTwoAnswersIsIgnored() throws IOException {
    Files.writeString(root.resolve("twice-file"), "0123456789");
    assertThat(root.resolve("twice-file")).hasContent("once");
    assertThat(root.resolve("twice-file")).exists();
  }

  @Test
  void aStaleNodeIsLookedUpAgain() throws IOException {
    Files.writeString(root.resolve("x"), "text");
    Files.move(root.resolve("x"), root.resolve("stale-file"));
    int lookups = fixture.tree().calls("lookup");
    assertThat(root.resolve("stale-file")).hasContent("text");
    assertThat(fixture.tree().calls("lookup")).isGreaterThan(lookups);
  }

  @Test
  void keepsPagesOfUnchangedFiles() throws IOException {
    Path file = root.resolve("small");
    Files.writeString(file, "text");
    Files.readString(file);
    Files.readString(file);
    int reads = fixture.tree().calls("read");
    assertThat(Files.readString(file)).isEqualTo("text");
    assertThat(fixture.tree().calls("read")).isEqualTo(reads);
  }

  @Test
  void invalidationMakesTheKernelAskAgain() throws Exception {
    Path file = root.resolve("small");
    Files.writeString(file, "text");
    Files.size(file);
    int attributes = fixture.tree().calls("getattr");
    fixture.binding().invalidateNode(fixture.tree().nodeOf("small"));
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              Files.size(file);
              return fixture.tree().calls("getattr") > attributes;
            });
    int lookups = fixture.tree().calls("lookup");
    fixture.binding().invalidateEntry(FileSystemPort.ROOT, "small".getBytes(US_ASCII));
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              Files.size(file);
              return fixture.tree().calls("lookup") > lookups;
            });
  }

  @Test
  void listsWithAttributes() {
    var times = new AtomicInteger();
    // On a busy machine attributes may be out of date, after a second, before ls asks for them.
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              String directory = "many" + times.getAndIncrement();
              fixture.tree().populate(directory, 1000);
              int before = fixture.tree().calls("lookup") + fixture.tree().calls("getattr");
              Shell.sh("ls -l \"$1\"", root.resolve(directory));
              int calls = fixture.tree().calls("lookup") + fixture.tree().calls("getattr") - before;
              return calls < 500;
            });
  }

  // semantics: set-ids
  @Test
  void aUsersWriteDropsSetIds() throws Exception {
    assumeTrue(Shell.has("setpriv"), "setpriv is not installed");
    remount(fixture.options().withAllowOther(true));
    Files.writeString(root.resolve("file"), "text");
    Shell.sh("chmod 4777 \"$1\"", root.resolve("file"));
    Shell.Result write =
        Shell.sh(
            "chmod 755 \"$2\"; setpriv --reuid 65534 --clear-groups sh -c 'echo more >> \"$0\"' \"$1\"",
            root.resolve("file"),
            fixture.folder());
    assertThat(write).isEqualTo(new Shell.Result(0, ""));
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () ->
                assertThat(Shell.sh("stat -c %a \"$1\"", root.resolve("file")).output())
                    .isEqualTo("777"));
  }

  @Test
  void otherUsersStayOutUnlessAllowed() throws Exception {
    assumeTrue(Shell.has("setpriv"), "setpriv is not installed");
    Shell.sh("chmod 755 \"$1\"", fixture.folder());
    assertThat(Shell.sh("setpriv --reuid 65534 --clear-groups ls \"$1\"", root).output())
        .contains("Permission denied");
  }

  @Test
  void fallocatesAndSeeksData() throws Exception {
    Path file = root.resolve("file");
    assertThat(Shell.sh("fallocate -l 200000 \"$1\"", file).status()).isZero();
    assertThat(Files.size(file)).isEqualTo(200_000);
    assertThat(Shell.sh("fallocate -p -o 0 -l 4096 \"$1\"", file).output()).contains("unsupported");
    int fd = Fd.open(file.toString(), Fd.O_RDONLY, 0);
    try {
      assertThat(Fd.seekHole(fd, 0)).isBetween(0L, 200_000L);
    } finally {
      Fd.close(fd);
    }
    assertThat(fixture.tree().calls("lseek")).isPositive();
  }
}
