package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.FaultProxy;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Two processes read one uncached file of 256 MiB at once: each byte is downloaded once. */
class SharedDownloadTest {
  private static final long SIZE = 256L << 20;

  // semantics: one-download
  @Test
  void readersOfOneMountShareTheDownload() throws Exception {
    try (Lab lab = new Lab();
        FaultProxy proxy = FaultProxy.to(lab.azuriteEndpoint())) {
      String want = uploadBig(lab);
      lab.endpoint(proxy.endpoint());
      lab.rule("data", "data");
      assertThat(lab.mount().code()).isZero();
      Path file = lab.mountPoint.resolve("data/big.bin");
      assertThat(digests(file, file)).containsExactly(want, want);
      assertThat(proxy.bytesFetched("big.bin")).isEqualTo(SIZE);
      assertThat(proxy.overlappingRanges("big.bin")).isEmpty();
      assertThat(lab.umount().code()).isZero();
    }
  }

  // semantics: one-download
  @Test
  void twoMountsOnOneCacheShareTheDownload() throws Exception {
    try (Lab lab = new Lab();
        FaultProxy proxy = FaultProxy.to(lab.azuriteEndpoint())) {
      String want = uploadBig(lab);
      lab.endpoint(proxy.endpoint());
      lab.rule("data", "data");
      Path second = Files.createDirectory(lab.folder.resolve("mnt2"));
      assertThat(lab.mount().code()).isZero();
      assertThat(lab.mountAt(second).code()).isZero();
      assertThat(digests(lab.mountPoint.resolve("data/big.bin"), second.resolve("data/big.bin")))
          .containsExactly(want, want);
      assertThat(proxy.bytesFetched("big.bin")).isEqualTo(SIZE);
      assertThat(lab.azcp("umount", second.toString()).code()).isZero();
      assertThat(lab.umount().code()).isZero();
    }
  }

  private static String uploadBig(Lab lab) throws Exception {
    Path source = lab.folder.resolve("big.bin");
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    byte[] block = new byte[1 << 20];
    Random random = new Random(11);
    try (var out = Files.newOutputStream(source)) {
      for (long n = 0; n < SIZE; n += block.length) {
        random.nextBytes(block);
        digest.update(block);
        out.write(block);
      }
    }
    lab.sdk().getBlobClient("data/big.bin").uploadFromFile(source.toString());
    Files.delete(source);
    return HexFormat.of().formatHex(digest.digest());
  }

  /** SHA-256 of each file by a process of its own, started at once. */
  private static List<String> digests(Path... files) throws Exception {
    List<Process> readers = new ArrayList<>();
    for (Path file : files) {
      readers.add(new ProcessBuilder("sha256sum", file.toString()).start());
    }
    List<String> found = new ArrayList<>();
    for (Process reader : readers) {
      try (InputStream in = reader.getInputStream()) {
        found.add(
            new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                .split(" ", -1)[0]);
      }
      assertThat(reader.waitFor(5, TimeUnit.MINUTES)).isTrue();
    }
    return found;
  }
}
