package io.azcp.transfer.blob;

import io.azcp.transfer.blob.strict.StrictServer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The client against the strict server. */
class StrictBlobServiceTest extends BlobServiceContract {
  private static StrictServer server;
  private static OpenedService opened;

  @BeforeAll
  static void open() throws IOException {
    server = new StrictServer();
    opened =
        BlobServices.open(
            BlobUrl.parse(server.endpoint(), null),
            Credential.SharedKey.of(server.account(), server.key(), "test"),
            ClientOptions.DEFAULT,
            List.of());
  }

  @AfterAll
  static void close() {
    opened.close();
    server.close();
  }

  @Override
  BlobService service() {
    return opened.service();
  }
}
