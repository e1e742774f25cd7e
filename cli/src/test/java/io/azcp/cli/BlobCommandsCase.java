package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.AzuriteServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands against Azurite: a container for each test, and a directory to work in. */
@Timeout(300)
abstract class BlobCommandsCase {
  private static final AtomicInteger CONTAINERS = new AtomicInteger();

  @TempDir Path dir;
  CliRunner cli;
  String name;
  String url;

  @BeforeEach
  void container() {
    AzuriteServer azurite = AzuriteServer.shared();
    cli =
        new CliRunner(dir)
            .with("AZURE_STORAGE_ACCOUNT", azurite.account())
            .with("AZURE_STORAGE_KEY", azurite.key());
    name = "cli" + CONTAINERS.incrementAndGet();
    url = azurite.endpoint() + "/" + name;
    assertThat(cli.run("mk", url).out()).isEqualTo("Created container: " + name + "\n");
  }

  final void file(String path, String text) throws IOException {
    Path file = dir.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  static CliRunner.Result done(CliRunner.Result result) {
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    return result;
  }

  static void refused(int code, CliRunner.Result result, String... parts) {
    assertThat(result.code()).as(result.err()).isEqualTo(code);
    assertThat(result.err().lines().filter(l -> !l.isBlank())).as(result.err()).hasSize(1);
    assertThat(result.err()).startsWith("azcp: ").contains(parts);
  }
}
