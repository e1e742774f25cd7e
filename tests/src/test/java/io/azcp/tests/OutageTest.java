package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.FaultProxy;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The service goes away while applications read. */
class OutageTest {
  private static final int MIB = 1 << 20;

  // semantics: outage
  @Test
  void cachedBytesAreReadOnAndOtherReadsWaitForTheServiceToComeBack() throws Exception {
    byte[] content = new byte[40 * MIB + 77];
    new Random(5).nextBytes(content);
    try (Lab lab = new Lab();
        FaultProxy proxy = FaultProxy.to(lab.azuriteEndpoint())) {
      lab.upload("d/cached", content);
      lab.upload("d/partly", content);
      lab.endpoint(proxy.endpoint());
      lab.rule("data", "d");
      assertThat(lab.mount().code()).isZero();
      Path data = lab.mountPoint.resolve("data");
      assertThat(Arrays.mismatch(Files.readAllBytes(data.resolve("cached")), content)).isNegative();
      try (var partly = new RandomAccessFile(data.resolve("partly").toFile(), "r")) {
        same(partly, 30 * MIB, content);

        proxy.refuse();
        List<CompletableFuture<Void>> waiting = new ArrayList<>();
        for (int place : List.of(2, 5, 9, 14, 20, 26)) {
          waiting.add(CompletableFuture.runAsync(() -> read(data, place * MIB, content)));
        }
        for (int i = 0; i < 10; i++) {
          assertThat(Arrays.mismatch(Files.readAllBytes(data.resolve("cached")), content))
              .isNegative();
          same(partly, 30 * MIB, content);
        }
        assertThat(waiting).as("nobody brings their bytes").noneMatch(CompletableFuture::isDone);

        proxy.forward();
        for (CompletableFuture<Void> read : waiting) {
          read.get(1, TimeUnit.MINUTES);
        }
      }
      assertThat(Arrays.mismatch(Files.readAllBytes(data.resolve("partly")), content)).isNegative();
      assertThat(lab.umount().code()).isZero();
    }
  }

  private static void read(Path data, int offset, byte[] content) {
    try (var file = new RandomAccessFile(data.resolve("partly").toFile(), "r")) {
      same(file, offset, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void same(RandomAccessFile file, int offset, byte[] content) throws IOException {
    byte[] page = new byte[4096];
    file.seek(offset);
    file.readFully(page);
    assertThat(page).isEqualTo(Arrays.copyOfRange(content, offset, offset + page.length));
  }
}
