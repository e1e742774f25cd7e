package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.FaultProxy;
import io.azcp.transfer.blob.FaultProxy.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What was fetched of a file is there after a kill −9 of the daemon in the middle of it. */
class KilledReaderTest {
  private static final int ANSWERED = 6;

  // semantics: partial
  @Test
  void theNextMountFetchesOnlyWhatIsMissing() throws Exception {
    byte[] content = new byte[(48 << 20) + 5];
    new Random(3).nextBytes(content);
    try (Lab lab = new Lab();
        FaultProxy proxy = FaultProxy.to(lab.azuriteEndpoint())) {
      lab.upload("d/big", content);
      lab.endpoint(proxy.endpoint());
      lab.rule("data", "d");
      var gets = new AtomicInteger();
      proxy.always(r -> r.gets("big") && gets.incrementAndGet() > ANSWERED ? Fault.stall() : null);
      assertThat(lab.mount().code()).isZero();
      Path big = lab.mountPoint.resolve("data/big");
      CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> readToTheEnd(big));
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> gets.get() > ANSWERED && answered(proxy) >= ANSWERED);
      assertThat(reader).as("it waits for what is stalled").isNotDone();
      lab.killDaemons();
      reader.get(1, TimeUnit.MINUTES);

      proxy.breakConnections();
      proxy.always(r -> null);
      proxy.clearRequests();
      assertThat(lab.mount().code()).isZero();
      assertThat(Arrays.mismatch(Files.readAllBytes(big), content)).isNegative();
      assertThat(lab.umount().code()).isZero();
      assertThat(proxy.bytesFetched("big")).isPositive().isLessThan(content.length - (256 << 10));
    }
  }

  private static long answered(FaultProxy proxy) {
    return proxy.requests().stream().filter(r -> r.gets("big") && r.bytes() > 0).count();
  }

  /** The daemon dies meanwhile; how the reader learns of it is the kernel's business. */
  private static void readToTheEnd(Path file) {
    try {
      Files.readAllBytes(file);
    } catch (IOException e) {
      assertThat(e).hasMessageNotContaining("Input/output error");
    }
  }
}
