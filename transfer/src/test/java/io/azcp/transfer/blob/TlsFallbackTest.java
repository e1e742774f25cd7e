package io.azcp.transfer.blob;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where BoringSSL does not load, in a JVM of its own: a JVM tries once. */
class TlsFallbackTest {
  /** Asks twice for bulk TLS and prints what it got. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) throws IOException {
      for (int i = 0; i < 2; i++) {
        System.out.println(TlsLibrary.choose(ClientOptions.DEFAULT.withBulk(true)).now().library());
      }
    }
  }

  @Test
  @Timeout(120)
  void theJdksTlsIsUsed() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dio.netty.handler.ssl.noOpenSsl=true",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(output.lines()).containsExactly("JDK", "JDK");
    } finally {
      process.destroyForcibly();
    }
  }
}
