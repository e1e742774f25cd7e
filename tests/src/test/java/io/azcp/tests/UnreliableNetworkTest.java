package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.FaultProxy.Fault;
import io.azcp.transfer.blob.FaultProxy.Request;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Transfers through a proxy that refuses, cuts, stalls and resets. */
class UnreliableNetworkTest extends ProxiedCase {
  /** As many as make every fault likely; {@code -Dazcp.test.files=5000} for a longer run. */
  private static final int FILES = Integer.getInteger("azcp.test.files", 400);

  private static final int LONGEST = 8_000;

  /** 5 % busy, half of them with Retry-After; 2 % cut, 1 % stalled, 1 % reset, 1 % unanswered. */
  private static Function<Request, Fault> storm(Random random) {
    return request -> {
      int percent = random.nextInt(1000);
      if (percent < 25) {
        return Fault.busy();
      } else if (percent < 50) {
        return Fault.answer(503, "ServerBusy", "Retry-After: 1\r\n");
      } else if (percent < 70) {
        return Fault.cut(random.nextInt(LONGEST));
      } else if (percent < 80) {
        return Fault.stall();
      } else if (percent < 90) {
        return Fault.reset();
      }
      return percent < 100 ? Fault.dropAnswer() : null;
    };
  }

  private Checkout.Result copy(String from, String to, String... more) {
    List<String> arguments =
        new java.util.ArrayList<>(List.of("copy", "-r", from, to, "--timeout", "5s"));
    arguments.addAll(List.of(more));
    return lab.azcp(arguments.toArray(String[]::new));
  }

  @Test
  void everyFileArrivesByteForByte() throws Exception {
    long seed = System.nanoTime();
    System.out.println("faults of seed " + seed);
    Path source = lab.folder.resolve("source");
    Map<String, byte[]> files = FileTrees.write(source, FILES, LONGEST, seed);
    proxy.always(storm(new Random(seed)));

    Checkout.Result up = copy(source.toString(), lab.url("storm"), "--max-retries", "12");
    assertThat(up.code()).as(up.toString()).isZero();
    assertThat(up.out()).contains("Succeeded: " + FILES).contains("Retries:   503x");

    Checkout.Result down = copy(lab.url("storm"), target.toString(), "--max-retries", "12");
    assertThat(down.code()).as(down.toString()).isZero();
    assertThat(down.out()).contains("Succeeded: " + FILES).contains("Retries:   503x");
    FileTrees.assertSame(FileTrees.read(target), files);
  }

  @Test
  void aServerThatStallsForEverEndsInAnErrorThatNamesTheFile() throws Exception {
    lab.upload("p/good", "good");
    lab.upload("p/victim", "never comes");
    proxy.always(request -> request.gets("victim") ? Fault.stall() : null);

    Checkout.Result down =
        lab.azcp(
            "copy", "-r", lab.url("p"), target.toString(), "--timeout", "1s", "--max-retries", "1");

    assertThat(down.code()).as(down.toString()).isEqualTo(1);
    assertThat(down.err()).contains("victim");
    assertThat(down.out()).contains("Failed:    1");
    assertThat(FileTrees.read(target)).containsOnlyKeys("good");
  }

  @Test
  void wrongCredentialsEndInOneMessage() throws Exception {
    Path source = lab.folder.resolve("source");
    FileTrees.write(source, 500, 100, 3);
    String plain = lab.url("up").replaceAll("\\?.*", "");
    Map<String, String> environment =
        Map.of(
            "AZURE_STORAGE_ACCOUNT",
            "devstoreaccount1",
            "AZURE_STORAGE_KEY",
            Base64.getEncoder().encodeToString(new byte[64]));

    Checkout.Result up =
        Checkout.azcp(lab.folder, environment, "copy", "-r", source.toString(), plain);

    assertThat(up.code()).as(up.toString()).isEqualTo(1);
    assertThat(up.err().lines()).singleElement().asString().contains("key");
    assertThat(proxy.requests()).hasSizeLessThan(500);
    assertThat(lab.blobs()).isEmpty();
  }
}
