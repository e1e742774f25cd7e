package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Blobs that somebody else replaces while they are mounted, and how that is seen. */
class RefreshScenarioTest {
  // semantics: consistency
  @Test
  void aCacheThatIsBelievedIsRefreshedWithAndWithoutAMount() throws Exception {
    try (Lab lab = new Lab()) {
      lab.upload("d/a", "one");
      lab.rule("data", "d", "consistency: cached");
      Checkout.Result mounted = lab.mount("--attr-ttl", "0");
      assertThat(mounted.code()).as(mounted.toString()).isZero();
      Path file = lab.mountPoint.resolve("data/a");
      assertThat(Files.readString(file)).isEqualTo("one");
      lab.upload("d/a", "second");
      assertThat(Files.readString(file)).isEqualTo("one");
      Checkout.Result refreshed = lab.azcp("refresh", file.toString());
      assertThat(refreshed.code()).as(refreshed.toString()).isZero();
      assertThat(Files.readString(file)).isEqualTo("second");
      assertThat(lab.umount().code()).isZero();

      lab.upload("d/a", "the third");
      refreshed = lab.azcp("refresh", "data", "--config", lab.config().toString());
      assertThat(refreshed.out()).as(refreshed.toString()).contains("Refreshed");
      assertThat(lab.mount().code()).isZero();
      assertThat(Files.readString(file)).isEqualTo("the third");
      assertThat(lab.umount().code()).isZero();
    }
  }

  @Test
  void aMountThatAsksAtEachOpenSeesAReplacedBlobAtOnce() throws Exception {
    try (Lab lab = new Lab()) {
      lab.upload("d/a", "one");
      lab.rule("data", "d");
      Checkout.Result mounted = lab.mount("--consistency", "open");
      assertThat(mounted.code()).as(mounted.toString()).isZero();
      Path file = lab.mountPoint.resolve("data/a");
      assertThat(Files.readString(file)).isEqualTo("one");
      lab.upload("d/a", "second");
      assertThat(Files.readString(file)).isEqualTo("second");
      assertThat(lab.umount().code()).isZero();
      Checkout.Result refused = lab.mount("--consistency", "never");
      assertThat(refused.code()).isEqualTo(2);
      assertThat(refused.err()).contains("ttl, cached, open");
    }
  }
}
