package io.azcp.fs.fuse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every binding does on a real mount. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class MountContract {
  private static final int LARGE = 3 << 20;

  protected MountFixture fixture;
  protected Path root;

  /** Mounts with the binding under test. */
  protected abstract Binding mount(MountOptions options, FileSystemPort port) throws IOException;

  /** The name {@link MountDaemon} knows it by. */
  protected abstract String name();

  @BeforeEach
  void mountTree() throws IOException {
    fixture = new MountFixture();
    root = fixture.mountPoint();
    fixture.mount(this::mount, options(fixture.options()));
  }

  /** What the test mounts with. */
  protected MountOptions options(MountOptions defaults) {
    return defaults;
  }

  @AfterEach
  void unmountTree() throws IOException {
    if (fixture != null) {
      fixture.close();
    }
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @Test
  void writesAndReadsSmallAndLargeFiles() throws IOException {
    for (int size : new int[] {0, 1, 4096, 100_000, LARGE + 17}) {
      Path file = root.resolve("size-" + size);
      byte[] bytes = random(size);
      Files.write(file, bytes);
      assertThat(Files.size(file)).isEqualTo(size);
      assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    }
  }

  @Test
  void replacesContentsWithoutShowingTheFormer() throws IOException {
    Path file = root.resolve("file");
    Files.write(file, random(LARGE));
    Files.readAllBytes(file);
    Files.writeString(file, "short");
    assertThat(file).hasContent("short");
    Files.write(file, random(LARGE - 1));
    assertThat(Files.readAllBytes(file)).isEqualTo(random(LARGE - 1));
  }

  // semantics: data
  @Test
  void writesInTheMiddleAndBeyondTheEnd() throws IOException {
    Path file = root.resolve("sparse");
    Files.writeString(file, "0123456789");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap("ab".getBytes(UTF_8)), 4);
      channel.write(ByteBuffer.wrap("z".getBytes(UTF_8)), 20);
      ByteBuffer back = ByteBuffer.allocate(30);
      assertThat(channel.read(back, 0)).isEqualTo(21);
      assertThat(Arrays.copyOf(back.array(), 10)).isEqualTo("0123ab6789".getBytes(UTF_8));
      assertThat(back.array()[15]).isZero();
      assertThat(back.array()[20]).isEqualTo((byte) 'z');
    }
  }

  // semantics: data
  @Test
  void appends() throws IOException {
    Path file = root.resolve("log");
    for (String line : new String[] {"one\n", "two\n", "three\n"}) {
      Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
    assertThat(file).hasContent("one\ntwo\nthree\n");
  }

  // semantics: data
  @Test
  void truncates() throws IOException {
    Path file = root.resolve("file");
    Files.write(file, random(LARGE));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(10);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(Arrays.copyOf(random(LARGE), 10));
    assertThat(Files.size(file)).isEqualTo(10);
  }

  @Test
  void tellsWhatIsAbsentAndWhatExists() throws IOException {
    assertThatThrownBy(() -> Files.size(root.resolve("absent")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> Files.delete(root.resolve("absent")))
        .isInstanceOf(NoSuchFileException.class);
    Files.createFile(root.resolve("there"));
    assertThatThrownBy(() -> Files.createFile(root.resolve("there")))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> Files.createDirectory(root.resolve("there")))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void makesAndRemovesDirectories() throws IOException {
    Path inner = Files.createDirectories(root.resolve("a/b/c"));
    Files.createFile(inner.resolve("file"));
    assertThatThrownBy(() -> Files.delete(inner)).isInstanceOf(FileSystemException.class);
    Files.delete(inner.resolve("file"));
    Files.delete(inner);
    assertThat(inner).doesNotExist();
    assertThat(root.resolve("a/b")).isEmptyDirectory();
  }

  // semantics: fsync
  @Test
  void syncsDirectories() throws IOException {
    Path directory = Files.createDirectory(root.resolve("d"));
    int fd = Fd.open(directory.toString(), Fd.O_RDONLY, 0);
    try {
      Files.createFile(directory.resolve("f"));
      Fd.sync(fd);
      Fd.syncData(fd);
      Files.delete(directory.resolve("f"));
      Files.delete(directory);
      Fd.sync(fd);
    } finally {
      Fd.close(fd);
    }
  }

  @Test
  void renamesOverAnOpenFile() throws IOException {
    Path from = root.resolve("new.tmp");
    Path to = root.resolve("final");
    Files.writeString(to, "old");
    Files.writeString(from, "new");
    try (FileChannel old = FileChannel.open(to, StandardOpenOption.READ)) {
      Files.move(from, to, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
      assertThat(to).hasContent("new");
      assertThat(from).doesNotExist();
      ByteBuffer back = ByteBuffer.allocate(3);
      old.read(back, 0);
      assertThat(back.array()).isEqualTo("old".getBytes(UTF_8));
    }
  }

  @Test
  void renamesADirectoryWithWhatIsInIt() throws IOException {
    Files.createDirectories(root.resolve("a/b"));
    Files.writeString(root.resolve("a/b/file"), "text");
    Files.move(root.resolve("a"), root.resolve("z"));
    assertThat(root.resolve("z/b/file")).hasContent("text");
    assertThat(root.resolve("a")).doesNotExist();
  }

  // semantics: unlink
  @Test
  void keepsAnUnlinkedFileWhileItIsOpen() throws IOException {
    Path file = root.resolve("file");
    Files.writeString(file, "still here");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      Files.delete(file);
      assertThat(file).doesNotExist();
      try (Stream<Path> names = Files.list(root)) {
        assertThat(names).isEmpty();
      }
      channel.write(ByteBuffer.wrap("STILL".getBytes(UTF_8)), 0);
      ByteBuffer back = ByteBuffer.allocate(10);
      channel.read(back, 0);
      assertThat(back.array()).isEqualTo("STILL here".getBytes(UTF_8));
      assertThat(channel.size()).isEqualTo(10);
    }
    await().atMost(Duration.ofMinutes(1)).until(() -> fixture.tree().opens() == 0);
  }

  // semantics: data
  @Test
  void mapsFilesForReadingAndWriting() throws Exception {
    assumeTrue(Shell.has("python3"), "python3 maps the file");
    for (int size : new int[] {10_000, LARGE}) {
      Path file = root.resolve("mapped-" + size);
      Files.write(file, new byte[size]);
      // Another process: a fault of our own JVM could wait for a thread that the fault stops.
      String script =
          """
          import mmap, sys
          f = open(sys.argv[1], 'r+b')
          m = mmap.mmap(f.fileno(), 0)
          f.close()
          m[5] = 65
          m[9999] = 66
          assert m[6] == 0
          m.flush()
          m.close()
          """;
      assertThat(Shell.sh("python3 -c \"$1\" \"$2\"", script, file))
          .isEqualTo(new Shell.Result(0, ""));
      byte[] back = Files.readAllBytes(file);
      assertThat(back).hasSize(size);
      assertThat(new byte[] {back[5], back[6], back[9999]}).isEqualTo(new byte[] {65, 0, 66});
    }
  }

  // semantics: readdir
  @Test
  void listsTenThousandEntriesOnce() throws IOException {
    fixture.tree().populate("many", 10_000);
    try (Stream<Path> names = Files.list(root.resolve("many"))) {
      assertThat(names.map(p -> p.getFileName().toString()).distinct().count()).isEqualTo(10_000);
    }
    try (Stream<Path> walk = Files.walk(root.resolve("many"))) {
      assertThat(walk.filter(Files::isRegularFile).count()).isEqualTo(10_000);
    }
    assertThat(fixture.tree().calls("readdir")).isGreaterThan(1);
  }

  @Test
  void listsDotAndDotDot() throws Exception {
    Files.createDirectory(root.resolve("d"));
    assertThat(Shell.sh("ls -a \"$1\"", root.resolve("d")).output()).isEqualTo(".\n..");
  }

  @Test
  void linksSymbolically() throws IOException {
    Path link = Files.createSymbolicLink(root.resolve("link"), Path.of("target/of it"));
    assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("target/of it"));
    assertThat(Files.exists(link)).isFalse();
    Files.createDirectory(root.resolve("target"));
    Files.writeString(root.resolve("target/of it"), "found");
    assertThat(link).hasContent("found");
  }

  // semantics: hard-link, special
  @Test
  void refusesHardLinksAndDevices() throws Exception {
    Files.createFile(root.resolve("file"));
    assertThat(Shell.sh("ln \"$1/file\" \"$1/link\"", root).output())
        .contains("Operation not permitted");
    assertThat(Shell.sh("mkfifo \"$1/pipe\"", root).output()).contains("Operation not permitted");
  }

  // semantics: mode
  @Test
  void keepsModesOwnersAndTimes() throws Exception {
    Path file = Files.createFile(root.resolve("file"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x---"));
    FileTime time = FileTime.from(Instant.parse("2001-02-03T04:05:06.123456789Z"));
    Files.setLastModifiedTime(file, time);
    assertThat(Shell.sh("chown 12:34 \"$1\"", file).status()).isZero();
    assertThat(Shell.sh("stat -c '%a %u %g %Y %h %s' \"$1\"", file).output())
        .isEqualTo("750 12 34 " + time.toMillis() / 1000 + " 1 0");
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(time);
    assertThat(Shell.sh("touch \"$1\"", file).status()).isZero();
    assertThat(Files.getLastModifiedTime(file).toInstant())
        .isAfter(Instant.now().minus(Duration.ofMinutes(1)));
  }

  // semantics: locks
  @Test
  void locksHoldBetweenProcesses() throws Exception {
    assumeTrue(Shell.has("python3"), "python3 locks");
    Path file = Files.createFile(root.resolve("file"));
    String script =
        """
        import fcntl, subprocess, sys
        mine = open(sys.argv[1], 'r+b')
        other = '''
        import fcntl, sys
        theirs = open(sys.argv[1], 'r+b')
        try: getattr(fcntl, sys.argv[2])(theirs, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError: sys.exit(7)
        '''
        for call in 'flock', 'lockf':
            lock = getattr(fcntl, call)
            for how, told in (fcntl.LOCK_EX, 7), (fcntl.LOCK_UN, 0):
                lock(mine, how)
                run = subprocess.run([sys.executable, '-c', other, sys.argv[1], call])
                assert run.returncode == told, (call, how, run)
        """;
    assertThat(Shell.sh("python3 -c \"$1\" \"$2\"", script, file))
        .isEqualTo(new Shell.Result(0, ""));
  }

  @Test
  void appliesTheUmask() throws Exception {
    Shell.sh("umask 027; touch \"$1/file\"; mkdir \"$1/dir\"", root);
    assertThat(Shell.sh("cd \"$1\"; stat -c %a file dir", root).output()).isEqualTo("640\n750");
  }

  // semantics: xattr
  @Test
  void keepsExtendedAttributes() throws Exception {
    assumeTrue(Shell.has("python3"), "python3 sets attributes");
    Path file = Files.createFile(root.resolve("file"));
    String script =
        """
        import os, sys, errno
        f = sys.argv[1]
        os.setxattr(f, 'user.a', b'1' * 300)
        os.setxattr(f, 'user.b', b'')
        assert os.getxattr(f, 'user.a') == b'1' * 300
        assert os.getxattr(f, 'user.b') == b''
        assert os.listxattr(f) == ['user.a', 'user.b'], os.listxattr(f)
        os.removexattr(f, 'user.a')
        def failure(call, *arguments):
            try: call(*arguments)
            except OSError as e: return e.errno
        assert failure(os.getxattr, f, 'user.a') == errno.ENODATA
        assert failure(os.setxattr, f, 'trusted.a', b'') == errno.EOPNOTSUPP
        """;
    assertThat(Shell.sh("python3 -c \"$1\" \"$2\"", script, file))
        .isEqualTo(new Shell.Result(0, ""));
  }

  // semantics: statfs
  @Test
  void tellsTheSpace() throws Exception {
    assertThat(Shell.sh("stat -f -c '%s %b %f %a %c %d %l' \"$1\"", root).output())
        .isEqualTo("4096 1000 600 500 100 50 255");
  }

  @Test
  void showsItselfInTheMountTable() throws Exception {
    MountTable.Mount mount = MountTable.at(root.toString()).orElseThrow();
    assertThat(mount.type()).isEqualTo("fuse.azcp");
    assertThat(mount.source()).isEqualTo("memory");
    assertThat(Shell.sh("grep \" $1 \" /proc/self/mounts", root).output())
        .contains("nosuid", "nodev", "default_permissions");
  }

  @Test
  void servesOthersWhileAReadWaits() throws Exception {
    Files.writeString(root.resolve("slow-file"), "late");
    Files.writeString(root.resolve("quick"), "now");
    Process slow = Shell.start("cat \"$1\"", root.resolve("slow-file"));
    try {
      await().atMost(Duration.ofMinutes(1)).until(() -> fixture.tree().calls("read") > 0);
      for (int i = 0; i < 10; i++) {
        Files.writeString(root.resolve("other-" + i), "now");
        assertThat(root.resolve("other-" + i)).hasContent("now");
      }
      assertThat(slow.isAlive()).isTrue();
      fixture.tree().letGo();
      assertThat(Shell.await(slow).output()).isEqualTo("late");
    } finally {
      slow.destroyForcibly();
    }
  }

  @Test
  void aReaderThatWaitsCanBeKilled() throws Exception {
    Files.writeString(root.resolve("never-file"), "text");
    Process reader = Shell.start("exec cat \"$1\"", root.resolve("never-file"));
    await().atMost(Duration.ofMinutes(1)).until(() -> fixture.tree().calls("read") > 0);
    reader.destroyForcibly();
    assertThat(reader.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aHandlerThatThrowsFailsTheCall() throws Exception {
    Files.writeString(root.resolve("throws-file"), "text");
    assertThat(Shell.sh("cat \"$1\"", root.resolve("throws-file")).output())
        .contains("Input/output error");
    Files.writeString(root.resolve("after"), "text");
    assertThat(root.resolve("after")).hasContent("text");
  }

  @Test
  void aBusyMountIsNotUnmountedUnlessLazily() throws Exception {
    Files.writeString(root.resolve("file"), "text");
    Binding binding = fixture.binding();
    try (FileChannel open = FileChannel.open(root.resolve("file"), StandardOpenOption.READ)) {
      assertThatThrownBy(() -> binding.unmount(false))
          .isInstanceOfSatisfying(
              AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EBUSY))
          .hasMessageContaining(root.toString())
          .hasMessageContaining("in use");
      binding.unmount(true);
      assertThat(root).isEmptyDirectory();
      ByteBuffer back = ByteBuffer.allocate(4);
      assertThat(open.read(back, 0)).isEqualTo(4);
    }
    binding.awaitEnd();
    assertThat(fixture.tree().opens()).isZero();
  }

  @Test
  void anUnmountFromOutsideEndsIt() throws Exception {
    assertThat(Shell.sh("umount \"$1\"", root).output()).isEmpty();
    fixture.binding().awaitEnd();
    fixture.binding().unmount(false);
  }

  @Test
  void readOnlyMountsRefuseChanges() throws Exception {
    fixture.binding().unmount(false);
    fixture.binding().awaitEnd();
    fixture.mount(this::mount, fixture.options().withReadOnly(true));
    assertThat(Shell.sh("touch \"$1/file\"", root).output()).contains("Read-only file system");
  }

  @Test
  void saysWhyADirectoryCannotBeMountedOn() throws IOException {
    MountOptions absent = fixture.options().withMountPoint(fixture.folder() + "/absent");
    assertThatThrownBy(() -> mount(absent, fixture.tree()))
        .isInstanceOf(AzcpException.class)
        .hasMessage(
            "cannot mount on "
                + fixture.folder()
                + "/absent: it does not exist; create the directory first");
    Path file = Files.createFile(fixture.folder().resolve("file"));
    MountOptions onFile = fixture.options().withMountPoint(file.toString());
    assertThatThrownBy(() -> mount(onFile, fixture.tree()))
        .isInstanceOf(AzcpException.class)
        .hasMessageContaining("not a directory");
  }

  @Test
  void doesNotHideALiveMount() {
    assertThatThrownBy(() -> mount(fixture.options(), fixture.tree()))
        .isInstanceOfSatisfying(
            AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EBUSY))
        .hasMessageContaining("mounted already");
  }

  @Test
  void theMountOfAKilledDaemonIsClearedAway() throws Exception {
    Path dead = Files.createDirectory(fixture.folder().resolve("dead"));
    Path contents = Files.createDirectory(fixture.folder().resolve("dead-contents"));
    Process daemon =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx128m",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                MountDaemon.class.getName(),
                name(),
                dead.toString(),
                contents.toString())
            .redirectErrorStream(true)
            .start();
    try {
      StringBuilder said = new StringBuilder();
      for (int c = daemon.getInputStream().read();
          c >= 0 && said.indexOf("mounted: ") < 0;
          c = daemon.getInputStream().read()) {
        said.append((char) c);
      }
      assertThat(said.toString()).contains("mounted: ");
      Files.writeString(dead.resolve("file"), "text");
      daemon.destroyForcibly().waitFor();
      assertThat(Shell.sh("ls \"$1\"", dead).output()).contains("not connected");
      assertThat(DeadMount.clear(dead.toString())).isTrue();
      assertThat(dead).isEmptyDirectory();
      assertThat(DeadMount.clear(dead.toString())).isFalse();
    } finally {
      daemon.destroyForcibly();
      while (MountTable.at(dead.toString()).isPresent()) {
        MountPoint.unmount(dead.toString(), true);
      }
    }
  }

  @Test
  void givesBackEveryOpen() throws Exception {
    for (int i = 0; i < 20; i++) {
      Files.write(root.resolve("file-" + i), random(i * 20_000));
      Files.readAllBytes(root.resolve("file-" + i));
    }
    await().atMost(Duration.ofMinutes(1)).until(() -> fixture.tree().opens() == 0);
    assertThat(fixture.tree().calls("forgotten too often")).isZero();
  }
}
