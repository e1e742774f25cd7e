package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.azcp.transfer.blob.FaultProxy;
import io.azcp.transfer.blob.FaultProxy.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A transfer is ended in its middle, by a kill or by ^C, and run again. */
class EndedTransferTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final int LARGE = 9 << 20;

  private Lab lab;
  private FaultProxy proxy;
  private Process process;
  private Path source;
  private Path target;
  private Path out;
  private Path err;
  private final Map<String, byte[]> files = new HashMap<>();

  @BeforeEach
  void start() throws Exception {
    lab = new Lab();
    proxy = FaultProxy.to(lab.azuriteEndpoint());
    source = lab.folder.resolve("source");
    target = lab.folder.resolve("target");
    out = lab.folder.resolve("out.txt");
    err = lab.folder.resolve("err.txt");
    files.putAll(FileTrees.write(source, 40, 20_000, 5));
    byte[] large = new byte[LARGE];
    new java.util.Random(6).nextBytes(large);
    files.put("large", large);
    FileTrees.write(source, Map.of("large", large));
  }

  @AfterEach
  void end() throws Exception {
    if (process != null) {
      process.destroyForcibly();
    }
    proxy.close();
    lab.close();
  }

  private void upload() {
    Checkout.Result up = lab.azcp("copy", "-r", source.toString(), lab.url("p"));
    assertThat(up.code()).as(up.toString()).isZero();
  }

  /** Starts a transfer through the proxy. */
  private void begin(String from, String to) throws IOException {
    process = Checkout.start(lab.folder, lab.environment(), out, err, "copy", "-r", from, to);
  }

  /** Sends a signal and waits for the end; answers the exit code. */
  private int signal(String name) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
    assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  /** Waits until the small files are there and the large one is on its way, and goes no further. */
  private void downloadHalf() throws IOException {
    proxy.always(r -> r.gets("large") ? Fault.stall() : null);
    lab.endpoint(proxy.endpoint());
    begin(lab.url("p"), target.toString());
    // Files are renamed while the folder is walked.
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(() -> Files.exists(target) && arrived() == files.size() - 1 && temporaries() == 1);
    assertThat(process.isAlive()).isTrue();
    proxy.always(r -> null);
  }

  private long temporaries() throws IOException {
    try (Stream<Path> all = Files.walk(target)) {
      return all.filter(p -> p.getFileName().toString().startsWith(".azcp-")).count();
    }
  }

  private long arrived() throws IOException {
    try (Stream<Path> all = Files.walk(target)) {
      return all.filter(Files::isRegularFile)
          .filter(p -> !p.getFileName().toString().startsWith(".azcp-"))
          .count();
    }
  }

  @Test
  void afterAKillInMidDownloadTheNextRunMakesEveryFileRightAndLeavesNothing() throws Exception {
    upload();
    downloadHalf();
    signal("KILL");
    assertThat(target.resolve("large")).as("half under its final name").doesNotExist();

    Checkout.Result again = lab.azcp("copy", "-r", lab.url("p"), target.toString());

    assertThat(again.code()).as(again.toString()).isZero();
    FileTrees.assertSame(FileTrees.read(target), files);
  }

  @Test
  void interruptedDownloadsEndWith130AndLeaveNothingHalf() throws Exception {
    upload();
    downloadHalf();

    assertThat(signal("INT")).as(said()).isEqualTo(130);
    assertThat(target.resolve("large")).doesNotExist();
    assertThat(said()).doesNotContain("Exception", "\tat ");
    assertThat(Files.readString(err)).contains("again");

    Checkout.Result again = lab.azcp("copy", "-r", lab.url("p"), target.toString());
    assertThat(again.code()).as(again.toString()).isZero();
    FileTrees.assertSame(FileTrees.read(target), files);
  }

  @Test
  void interruptedUploadsEndWith130AndLeaveNothingHalf() throws Exception {
    proxy.always(r -> r.query().contains("blockid=") ? Fault.stall() : null);
    lab.endpoint(proxy.endpoint());
    begin(source.toString(), lab.url("up"));
    await().atMost(LIMIT).until(() -> lab.blobs().size() == files.size() - 1);

    assertThat(signal("INT")).as(said()).isEqualTo(130);
    assertThat(lab.blobs()).doesNotContain("up/large");
    assertThat(said()).doesNotContain("Exception", "\tat ");

    proxy.always(r -> null);
    Checkout.Result again = lab.azcp("copy", "-r", source.toString(), lab.url("up"));
    assertThat(again.code()).as(again.toString()).isZero();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      assertThat(lab.download("up/" + file.getKey())).as(file.getKey()).isEqualTo(file.getValue());
    }
  }

  private String said() throws IOException {
    return String.join("\n", List.of(Files.readString(out), Files.readString(err)));
  }
}
