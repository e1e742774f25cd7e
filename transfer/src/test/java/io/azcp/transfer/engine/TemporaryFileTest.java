package io.azcp.transfer.engine;

import static io.azcp.transfer.blob.FaultyBlobService.Operation.GET;
import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.FaultyBlobService;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TemporaryFileTest extends TransferFixture {
  private static final String LEFT = ".azcp-0123456789abcdef";

  @Test
  void leftoversOfKilledRunsAreRemovedWhereTheNextRunWrites() throws Exception {
    blob("a", "x");
    blob("sub/b", "x");
    Files.createDirectories(dest.resolve("sub"));
    Files.createDirectories(dest.resolve("other"));
    for (String directory : new String[] {".", "sub", "other"}) {
      Files.write(dest.resolve(directory).resolve(LEFT), bytes(10));
    }
    Files.write(dest.resolve(".azcp-notes"), bytes(1));
    Files.createSymbolicLink(dest.resolve(".azcp-0123456789abcdee"), Path.of("/etc/passwd"));
    download(options());
    assertThat(local()).containsOnlyKeys("a", "sub/b", "other/" + LEFT, ".azcp-notes");
  }

  @Test
  void theTemporariesOfARunningJobStay() throws Exception {
    Trees.put(memory, "c", "large", bytes(5 * BLOCK));
    var gate = new FaultyBlobService.Gate();
    service.next(GET, gate);
    var job = new DownloadJob(service, options().build(), heard, "c", "", dest, false);
    Thread running =
        new Thread(
            () -> {
              try {
                job.run();
              } catch (IOException e) {
                heard.failed("ended: " + e);
              }
            });
    running.start();
    gate.awaitArrival();
    var other = new FaultyBlobService(memory);
    blob("other", "x");
    run(new DownloadJob(other, options().build(), heard, "c", "other", dest, true));
    gate.open();
    running.join();
    assertThat(heard.failed).isEmpty();
    assertThat(local()).containsOnlyKeys("large", "other");
  }

  @Test
  void smallFilesWhoseBytesAreAtHandAreNotLocked() throws Exception {
    TemporaryFile temporary = TemporaryFile.brief(dir, ConcurrentHashMap.newKeySet());
    assertThat(lockedForOthers(temporary.path())).isFalse();
    assertThat(TemporaryFile.isUnowned(temporary.path())).as("its own process knows it").isFalse();
    temporary.close();
  }

  @Test
  void namesOfOneProcessDifferAndAreTemporaries() {
    var live = ConcurrentHashMap.<Path>newKeySet();
    for (int i = 0; i < 100; i++) {
      Path path = TemporaryFile.reserve(dir, live);
      assertThat(TemporaryFile.isTemporary(path.getFileName().toString())).isTrue();
    }
    assertThat(live).hasSize(100);
    for (String other :
        new String[] {".azcp-", ".azcp-0123456789abcdeF", "azcp-0123456789abcdef0"}) {
      assertThat(TemporaryFile.isTemporary(other)).as(other).isFalse();
    }
  }

  /** Another process is asked: a process does not see its own locks. */
  @Test
  void itsLockIsSeenByOtherProcessesAndEndsWithIt() throws Exception {
    TemporaryFile temporary = TemporaryFile.in(dir, ConcurrentHashMap.newKeySet());
    assertThat(lockedForOthers(temporary.path())).isTrue();
    assertThat(TemporaryFile.isUnowned(temporary.path())).isFalse();
    temporary.finish();
    assertThat(lockedForOthers(temporary.path())).isFalse();
    temporary.close();
    assertThat(temporary.path()).doesNotExist();
  }

  private static boolean lockedForOthers(Path file) throws Exception {
    Process probe =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Probe.class.getName(),
                file.toString())
            .inheritIO()
            .start();
    assertThat(probe.waitFor(50, TimeUnit.SECONDS)).isTrue();
    assertThat(probe.exitValue()).isIn(0, 7);
    return probe.exitValue() == 7;
  }

  /** Ends with 7 where a file is locked. */
  static final class Probe {
    private Probe() {}

    /** Runs in a process of its own. */
    public static void main(String[] args) throws IOException {
      try (FileChannel channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
        System.exit(channel.tryLock() == null ? 7 : 0);
      }
    }
  }
}
