package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A preparation that goes on without its terminal. */
@Timeout(300)
class BackgroundPrepareTest {
  private static final Pattern LOG = Pattern.compile("goes to (\\S+)");

  @Test
  void itTellsItsLogAndItsOutcomeThere() throws Exception {
    try (Lab lab = new Lab().rule("data", "pre")) {
      for (int i = 0; i < 5; i++) {
        lab.upload("pre/f" + i, "content " + i);
      }
      Files.writeString(lab.folder.resolve("list"), "data/f0\ndata/f1\ndata/none\n");
      Checkout.Result begun =
          lab.azcp(
              "prepare",
              "--background",
              "--config",
              lab.config().toString(),
              "--manifest",
              "list",
              "data/f2");

      assertThat(begun.code()).as("%s", begun).isZero();
      Matcher log = LOG.matcher(begun.out());
      assertThat(log.find()).as("%s", begun).isTrue();
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .untilAsserted(
              () ->
                  assertThat(Path.of(log.group(1)))
                      .content()
                      .contains("Prepared: 3 files", "there is no file or directory none"));
      assertThat(lab.cache.resolve("data/f1")).hasContent("content 1");
    }
  }
}
