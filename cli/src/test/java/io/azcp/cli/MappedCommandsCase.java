package io.azcp.cli;

import io.azcp.transfer.blob.AzuriteServer;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BlobServices;
import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.ClientOptions;
import io.azcp.transfer.blob.PutOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Commands on paths that a configuration maps: {@code data} is {@code pre} in the container. */
abstract class MappedCommandsCase extends BlobCommandsCase {
  BlobService service;

  @BeforeEach
  final void configure() throws IOException {
    AzuriteServer azurite = AzuriteServer.shared();
    cli =
        new CliRunner(dir)
            .with("AZCP_RUNTIME_DIR", dir.resolve("run").toString())
            .with("XDG_CACHE_HOME", dir.resolve("xdg").toString())
            .with("PATH", System.getenv("PATH"));
    service =
        BlobServices.open(
                BlobUrl.parse(azurite.endpoint(), null),
                Map.of(
                    "AZURE_STORAGE_ACCOUNT", azurite.account(), "AZURE_STORAGE_KEY", azurite.key()),
                ClientOptions.DEFAULT)
            .service();
    account("dev", name, "account_key: " + azurite.key());
    rules("aux_data/configs/azfuse.yaml", "dev", "pre");
  }

  @AfterEach
  final void closeService() {
    service.close();
  }

  final void account(String account, String container, String credential) throws IOException {
    AzuriteServer azurite = AzuriteServer.shared();
    file(
        "aux_data/storage_account/" + account + ".yaml",
        String.join(
            "\n",
            "account_name: " + azurite.account(),
            credential,
            "container_name: " + container,
            "endpoint: " + azurite.endpoint(),
            ""));
  }

  final void rules(String file, String account, String remote) throws IOException {
    file(
        file,
        String.join(
            "\n",
            "- local: data",
            "  remote: " + remote,
            "  cache: " + dir.resolve("cache-" + account),
            "  storage_account: " + account,
            ""));
  }

  final Path cached(String path) {
    return dir.resolve("cache-dev").resolve(path);
  }

  final void put(String path, String text) throws IOException {
    service.put(
        name, "pre/" + path, BodySource.of(text.getBytes(StandardCharsets.UTF_8)), PutOptions.NONE);
  }

  final BlobProperties blob(String path) throws IOException {
    return service.head(name, "pre/" + path);
  }
}
