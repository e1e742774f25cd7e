package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files staged in memory, and files sent while they are written, through a mount. */
class StagingScenarioTest {
  private static final int LENGTH = 9_000_001;

  private static byte[] content() {
    byte[] content = new byte[LENGTH];
    new Random(11).nextBytes(content);
    return content;
  }

  // semantics: staging-memory
  @ParameterizedTest
  @ValueSource(strings = {"kernel", "jnr"})
  void whatOutgrowsTheMemoryIsWhole(String binding) throws Exception {
    byte[] content = content();
    try (Lab lab = new Lab()) {
      lab.rule("data", "d", "staging: shm", "staging_size: 4MiB", "upload_delay: 1h");
      assertThat(lab.mount("--binding", binding).code()).isZero();
      Path data = lab.mountPoint.resolve("data");
      Files.write(data.resolve("large"), content);
      Files.write(data.resolve("small"), Arrays.copyOf(content, 300_000));
      assertThat(Files.readAllBytes(data.resolve("large"))).isEqualTo(content);
      lab.killDaemons();
      assertThat(lab.mount("--binding", binding).code()).isZero();
      assertThat(Files.readAllBytes(data.resolve("small")))
          .isEqualTo(Arrays.copyOf(content, 300_000));
      assertThat(lab.umount().code()).isZero();
      assertThat(lab.download("d/large")).isEqualTo(content);
      assertThat(lab.download("d/small")).isEqualTo(Arrays.copyOf(content, 300_000));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"kernel", "jnr"})
  void aCheckpointIsSentWhileItIsWritten(String binding) throws Exception {
    byte[] content = content();
    try (Lab lab = new Lab()) {
      lab.rule("data", "d", "early_upload: '*.pt'");
      assertThat(lab.mount("--binding", binding).code()).isZero();
      Path data = lab.mountPoint.resolve("data");
      Files.write(data.resolve("step.pt"), content);
      assertThat(lab.umount().code()).isZero();
      assertThat(lab.download("d/step.pt")).isEqualTo(content);
      assertThat(lab.blobs()).containsExactly("d/step.pt");
    }
  }
}
