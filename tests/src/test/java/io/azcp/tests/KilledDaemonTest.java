package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.FaultProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What was closed survives a kill −9 of the daemon while its uploads are pending. */
class KilledDaemonTest {
  // semantics: close
  @Test
  void everyClosedFileReachesTheContainerAfterTheNextMount() throws Exception {
    try (Lab lab = new Lab();
        FaultProxy proxy = FaultProxy.to(lab.azuriteEndpoint())) {
      lab.endpoint(proxy.endpoint());
      lab.rule("data", "data");
      assertThat(lab.mount().code()).isZero();
      Path data = lab.mountPoint.resolve("data");
      Files.writeString(data.resolve("before.txt"), "uploaded before the outage");
      assertThat(lab.azcp("flush", data.toString()).code()).isZero();

      proxy.refuse();
      Map<String, byte[]> written = new HashMap<>();
      Random random = new Random(7);
      Files.createDirectories(data.resolve("deep/er"));
      for (int i = 0; i < 40; i++) {
        byte[] content = new byte[i * 3001];
        random.nextBytes(content);
        String name = (i % 3 == 0 ? "deep/er/f" : "f") + i;
        Files.write(data.resolve(name), content);
        written.put(name, content);
      }
      byte[] big = new byte[40 << 20];
      random.nextBytes(big);
      Files.write(data.resolve("model.tmp"), big);
      Files.move(data.resolve("model.tmp"), data.resolve("model.pt"));
      written.put("model.pt", big);
      Files.delete(data.resolve("before.txt"));

      lab.killDaemons();
      assertThat(lab.sdk().listBlobs().stream().map(b -> b.getName()))
          .as("uploads were pending when the daemon died")
          .doesNotContain("data/f1", "data/model.pt");

      proxy.forward();
      assertThat(lab.mount()).extracting(Checkout.Result::code).isEqualTo(0);
      for (Map.Entry<String, byte[]> file : written.entrySet()) {
        assertThat(Files.readAllBytes(data.resolve(file.getKey()))).isEqualTo(file.getValue());
      }
      assertThat(lab.azcp("flush", data.toString()).code()).isZero();
      for (Map.Entry<String, byte[]> file : written.entrySet()) {
        assertThat(lab.download("data/" + file.getKey()))
            .as(file.getKey())
            .isEqualTo(file.getValue());
      }
      assertThat(lab.sdk().listBlobs().stream().map(b -> b.getName()))
          .doesNotContain("data/before.txt", "data/model.tmp")
          .noneMatch(name -> name.contains(".conflict-"));
      assertThat(lab.umount().code()).isZero();
    }
  }

  // semantics: flush
  @Test
  void flushWithoutMountReplaysTheJournal() throws Exception {
    try (Lab lab = new Lab();
        FaultProxy proxy = FaultProxy.to(lab.azuriteEndpoint())) {
      lab.endpoint(proxy.endpoint());
      lab.rule("data", "data");
      assertThat(lab.mount().code()).isZero();
      // A directory never listed cannot tell, in an outage, whether a name is taken.
      assertThat(lab.mountPoint.resolve("data")).isEmptyDirectory();
      proxy.refuse();
      Files.writeString(lab.mountPoint.resolve("data/late.txt"), "written in an outage");
      lab.killDaemons();
      assertThat(lab.sdk().getBlobClient("data/late.txt").exists()).as("pending").isFalse();

      proxy.forward();
      Checkout.Result flush = lab.azcp("flush", "--config", lab.config().toString());
      assertThat(flush.code()).as(flush.toString()).isZero();
      assertThat(new String(lab.download("data/late.txt"), java.nio.charset.StandardCharsets.UTF_8))
          .isEqualTo("written in an outage");
    }
  }
}
