package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.FaultProxy.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a sync must never do. */
class SyncScenarioTest extends ProxiedCase {
  @Test
  void aFailedDownloadLeavesNothingThatALaterSyncTakesForTheFile() throws Exception {
    byte[] content = new byte[9 << 20];
    new java.util.Random(2).nextBytes(content);
    lab.upload("p/large", content);
    proxy.always(r -> r.gets("large") && r.range().contains("=8388608-") ? Fault.cut(10) : null);
    Checkout.Result failed =
        lab.azcp("copy", "-r", lab.url("p"), target.toString(), "--max-retries", "0");
    assertThat(failed.code()).as(failed.toString()).isEqualTo(1);
    assertThat(target.resolve("large")).doesNotExist();

    proxy.always(r -> null);
    lab.ok("sync", lab.url("p"), target.toString());
    FileTrees.assertSame(FileTrees.read(target), Map.of("large", content));
  }

  @Test
  void anImmediateSecondSyncMovesNothing() throws Exception {
    Path source = lab.folder.resolve("source");
    FileTrees.write(source, 20, 1000, 1);
    lab.ok("sync", source.toString(), lab.url("s"));
    proxy.clearRequests();
    Checkout.Result second = lab.ok("sync", source.toString(), lab.url("s"));
    assertThat(second.out()).contains("Sync complete: 0 planned, 0 uploaded, 20 unchanged");
    assertThat(proxy.requests()).noneMatch(r -> r.method().equals("PUT"));

    lab.ok("sync", lab.url("s"), target.toString());
    assertThat(lab.ok("sync", lab.url("s"), target.toString()).out())
        .contains("Sync complete: 0 planned, 0 downloaded, 20 unchanged");
  }

  @Test
  void aListingThatFailsDeletesNothing() throws Exception {
    Path source = lab.folder.resolve("source");
    FileTrees.write(source, 5, 100, 1);
    lab.ok("sync", source.toString(), lab.url("s"));
    Files.createDirectory(target);
    Files.writeString(target.resolve("precious"), "kept");
    proxy.always(
        r ->
            r.query().contains("comp=list") ? Fault.answer(403, "AuthorizationFailure", "") : null);
    Checkout.Result failed =
        lab.azcp("sync", "--delete-destination=true", lab.url("s"), target.toString());
    assertThat(failed.code()).as(failed.toString()).isEqualTo(1);
    assertThat(target.resolve("precious")).hasContent("kept");
  }

  @Test
  void workersDoNotMultiplyAFile() throws Exception {
    Path file = Files.writeString(lab.folder.resolve("one"), "x");
    lab.ok("copy", "--workers", "4", file.toString(), lab.url("one"));
    assertThat(proxy.requests()).filteredOn(r -> r.method().equals("PUT")).hasSize(1);
    lab.ok("copy", "--workers", "4", lab.url("one"), target.toString());
    assertThat(proxy.requests()).filteredOn(r -> r.gets("one")).hasSize(1);
  }

  @Test
  void environmentShowsNoSecrets() {
    Checkout.Result env =
        Checkout.azcp(
            lab.folder,
            Map.of(
                "AZURE_STORAGE_KEY", "c2VjcmV0LWtleQ==",
                "AZURE_STORAGE_SAS_TOKEN", "sv=1&sig=secret-sig"),
            "env");
    assertThat(env.code()).as(env.toString()).isZero();
    assertThat(env.out() + env.err()).doesNotContain("c2VjcmV0LWtleQ==", "secret-sig");
  }
}
