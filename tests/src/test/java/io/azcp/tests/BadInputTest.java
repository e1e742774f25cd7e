package io.azcp.tests;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.azcp.transfer.blob.FaultProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each mistake gives one clear sentence with what to do, at once, and loses nothing. */
class BadInputTest {
  private Lab lab;

  @BeforeEach
  void start() throws Exception {
    lab = new Lab();
  }

  @AfterEach
  void end() throws Exception {
    lab.close();
  }

  private static void refused(Checkout.Result result, int code, String... words) {
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
    String text = result.out() + result.err();
    assertThat(text).contains(words).doesNotContain("Exception", "\tat ", "at io.azcp");
    assertThat(result.err().lines().filter(l -> !l.isBlank())).as(result.toString()).hasSize(1);
  }

  @Test
  void wrongKey() throws Exception {
    lab.account("account", Base64.getEncoder().encodeToString(new byte[64]), lab.container);
    lab.rule("data", "data");
    refused(lab.mount(), 1, "key");
  }

  @Test
  void expiredSas() throws Exception {
    Path file = lab.folder.resolve("account.yaml");
    Files.writeString(
        file,
        Files.readString(file)
            .replace(
                "sas_token: null",
                "sas_token: \"?sv=2021-06-08&ss=b&srt=sco&sp=rl&se=2020-01-01T00:00:00Z&sig=AAAA\""));
    lab.rule("data", "data");
    refused(lab.mount(), 1, "2020-01-01");
  }

  @Test
  void missingContainer() throws Exception {
    lab.sdk().delete();
    lab.rule("data", "data");
    refused(lab.mount(), 1, lab.container);
  }

  @Test
  void serviceDown() throws Exception {
    try (FaultProxy proxy = FaultProxy.to(lab.azuriteEndpoint())) {
      proxy.refuse();
      lab.endpoint(proxy.endpoint());
      lab.rule("data", "data");
      refused(lab.mount(), 1, "127.0.0.1");
    }
  }

  @Test
  void serviceDownWithACacheMountsOffline() throws Exception {
    lab.upload("data/kept.txt", "kept");
    try (FaultProxy proxy = FaultProxy.to(lab.azuriteEndpoint())) {
      lab.endpoint(proxy.endpoint());
      lab.rule("data", "data");
      assertThat(lab.mount().code()).isZero();
      assertThat(Files.readString(lab.mountPoint.resolve("data/kept.txt"))).isEqualTo("kept");
      assertThat(lab.umount().code()).isZero();
      proxy.refuse();
      Checkout.Result mounted = lab.mount();
      assertThat(mounted.code()).as(mounted.toString()).isZero();
      assertThat(mounted.out() + mounted.err()).contains("offline");
      assertThat(Files.readString(lab.mountPoint.resolve("data/kept.txt"))).isEqualTo("kept");
      assertThat(lab.azcp("umount", "--no-wait", lab.mountPoint.toString()).code()).isZero();
    }
  }

  @Test
  void mountPointNotThere() throws Exception {
    lab.rule("data", "data");
    refused(lab.mountAt(lab.folder.resolve("none")), 1, "none");
  }

  @Test
  void mountPointNotEmpty() throws Exception {
    lab.rule("data", "data");
    Files.writeString(lab.mountPoint.resolve("mine"), "precious");
    refused(lab.mount(), 1, "not empty");
    assertThat(Files.readString(lab.mountPoint.resolve("mine"))).isEqualTo("precious");
  }

  @Test
  void cacheFolderIsAFile() throws Exception {
    lab.rule("data", "data");
    Files.writeString(lab.cache, "not a folder");
    refused(lab.mount(), 1, lab.cache.toString());
  }

  @Test
  void noConfiguration() {
    refused(lab.azcp("mount", lab.mountPoint.toString(), "--config", "none.yaml"), 2, "none.yaml");
  }

  @Test
  void unknownKey() throws Exception {
    lab.rule("data", "data", "cahce_lock: true");
    refused(lab.mount(), 2, "azfuse.yaml:5", "cahce_lock", "cache_lock");
    refused(lab.azcp("config", "check", "--config", lab.config().toString()), 2, "cahce_lock");
  }

  @Test
  void fullCacheDisk() throws Exception {
    Path small = Files.createDirectory(lab.folder.resolve("cache"));
    Checkout.Result mounted =
        Checkout.run(
            lab.folder,
            Map.of(),
            List.of("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", small.toString()));
    assertThat(mounted.code()).as(mounted.toString()).isZero();
    lab.upload("data/big", new byte[24 << 20]);
    lab.upload("data/small", "fits");
    lab.rule("data", "data");
    assertThat(lab.mount().code()).isZero();
    // Larger than the disk of the cache: read past it.
    Checkout.Result big = Checkout.run(lab.mountPoint, Map.of(), List.of("sum", "-s", "data/big"));
    assertThat(big.code()).as(big.toString()).isZero();
    assertThat(big.out()).startsWith("0 49152");
    // Fetches under way hold the big file for a moment after its reader has gone.
    await()
        .atMost(1, MINUTES)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(Files.readString(lab.mountPoint.resolve("data/small")))
                    .isEqualTo("fits"));
    assertThat(lab.umount().code()).isZero();
  }
}
