package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.PutOptions;
import java.nio.file.Files;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** cat, head, tail, isfile and size of mapped paths. */
class PrintCommandsTest extends MappedCommandsCase {
  private static String lines(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(i -> "line " + i + "\n")
        .collect(Collectors.joining());
  }

  @Test
  void filesArePrintedByLogicalAndAbsolutePaths() throws Exception {
    put("d/a", "first\n");
    put("b", "second\n");
    file("plain", "third\n");

    assertThat(done(cli.run("cat", "data/d/a", dir + "/data/b", "plain")).out())
        .isEqualTo("first\nsecond\nthird\n");
    assertThat(cached("d/a")).as("it is cached now").hasContent("first\n");
    put("d/a", "newer\n");
    assertThat(done(cli.run("cat", "data/d/a")).out()).isEqualTo("newer\n");
  }

  @Test
  void whatIsNotThereIsNamedAndTheRestIsPrinted() throws Exception {
    put("d/a", "A");
    CliRunner.Result result = cli.run("cat", "data/none", "data/d/a", "data/d", "nowhere");
    assertThat(result.out()).isEqualTo("A");
    assertThat(result.err())
        .isEqualTo(
            "azcp: there is no file data/none\nazcp: there is no file data/d\n"
                + "azcp: there is no file "
                + dir
                + "/nowhere\n");
    assertThat(result.code()).isEqualTo(1);
  }

  @Test
  void headAndTailFetchNoMoreThanTheyPrint() throws Exception {
    byte[] big = new byte[40 << 20];
    new Random(3).nextBytes(big);
    System.arraycopy("one\ntwo\n".getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, big, 0, 8);
    System.arraycopy(
        "\npenultimate\nlast\n".getBytes(java.nio.charset.StandardCharsets.UTF_8),
        0,
        big,
        big.length - 18,
        18);
    service.put(name, "pre/big", BodySource.of(big), PutOptions.NONE);

    assertThat(done(cli.run("head", "-n", "2", "data/big")).out()).isEqualTo("one\ntwo\n");
    assertThat(done(cli.run("tail", "-n2", "data/big")).out()).isEqualTo("penultimate\nlast\n");
    assertThat(done(cli.run("head", "--bytes=3", "data/big")).out()).isEqualTo("one");
    assertThat(done(cli.run("tail", "--bytes", "5", "data/big")).out()).isEqualTo("last\n");

    assertThat(cached("big")).as("it is not whole").doesNotExist();
    long kept = 0;
    try (var partial = Files.walk(cached(".azcp/partial"))) {
      for (var file : partial.filter(Files::isRegularFile).toList()) {
        kept += io.azcp.base.posix.Files.stat(file.toString()).blocks() * 512;
      }
    }
    assertThat(kept).isBetween(100_000L, 1L << 20);
    assertThat(done(cli.run("cat", "data/big")).bytes()).isEqualTo(big);
    assertThat(cached("big")).exists();
  }

  @Test
  void linesAreCountedAcrossPieces() throws Exception {
    String text = lines(1, 30_000);
    put("t", text);
    put("u", "no line feed");
    assertThat(done(cli.run("head", "data/t")).out()).isEqualTo(lines(1, 10));
    assertThat(done(cli.run("tail", "data/t")).out()).isEqualTo(lines(29_991, 30_000));
    assertThat(done(cli.run("head", "-n", "20000", "data/t")).out()).isEqualTo(lines(1, 20_000));
    assertThat(done(cli.run("tail", "-n", "20000", "data/t")).out())
        .isEqualTo(lines(10_001, 30_000));
    assertThat(done(cli.run("tail", "-n", "99999", "data/t")).out()).isEqualTo(text);
    assertThat(done(cli.run("tail", "-n", "0", "data/t")).out()).isEmpty();
    assertThat(done(cli.run("tail", "-n", "1", "data/u", "data/u")).out())
        .isEqualTo("==> data/u <==\nno line feed\n==> data/u <==\nno line feed");
    refused(2, cli.run("head", "-n", "3", "--bytes", "3", "data/t"), "contradict");
    refused(2, cli.run("head", "-n=-3", "data/t"), "negative");
  }

  @Test
  void aFileTooLargeForItsCacheIsPrintedAllTheSame() throws Exception {
    file(
        "small.yaml",
        Files.readString(dir.resolve("aux_data/configs/azfuse.yaml")) + "  cache_limit: 1MiB\n");
    byte[] big = new byte[9 << 20];
    new Random(4).nextBytes(big);
    service.put(name, "pre/big", BodySource.of(big), PutOptions.NONE);
    assertThat(done(cli.run("cat", "--config", "small.yaml", "data/big")).bytes()).isEqualTo(big);
  }

  @Test
  void filesAndSizesAreTold() throws Exception {
    put("d/a", "12345");
    file("plain", "123");
    assertThat(done(cli.run("isfile", "data/d/a")).out()).isEmpty();
    assertThat(cli.run("isfile", "data/d").code()).isEqualTo(1);
    assertThat(cli.run("isfile", "data/none").code()).isEqualTo(1);
    assertThat(cli.run("isfile", "plain").code()).isZero();
    assertThat(cli.run("isfile", "none").code()).isEqualTo(1);
    assertThat(cli.run("--output-type", "json", "isfile", "data/d/a").out())
        .isEqualTo("{\"path\":\"data/d/a\",\"isFile\":true}\n");
    assertThat(done(cli.run("size", "data/d/a")).out()).isEqualTo("5\n");
    assertThat(done(cli.run("size", "plain")).out()).isEqualTo("3\n");
    assertThat(done(cli.run("--output-type=json", "size", "plain")).out())
        .isEqualTo("{\"path\":\"plain\",\"bytes\":3}\n");
    refused(1, cli.run("size", "data/d"), "there is no file data/d");
  }
}
