package io.azcp.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.AzuriteServer;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BlobServices;
import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.ClientOptions;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.PutOptions;
import io.azcp.transfer.blob.strict.StrictServer;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Copies from one real server to another: by URL where the destination can, else through here. */
@Timeout(300)
class CopyBetweenServersTest {
  private static final int BLOCK = 1 << 20;
  private static final String CONTAINER = "copies" + Long.toString(System.nanoTime(), 36);

  private final StrictServer one = new StrictServer();
  private final StrictServer two = new StrictServer();
  private final Heard heard = new Heard();

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  private static BlobService open(String endpoint, String account, String key) throws IOException {
    return BlobServices.open(
            BlobUrl.parse(endpoint, null),
            Map.of("AZURE_STORAGE_ACCOUNT", account, "AZURE_STORAGE_KEY", key),
            ClientOptions.DEFAULT)
        .service();
  }

  private static BlobService strict(StrictServer server) throws IOException {
    return open(server.endpoint(), server.account(), server.key());
  }

  private static BlobService azurite() throws IOException {
    AzuriteServer server = AzuriteServer.shared();
    return open(server.endpoint(), server.account(), server.key());
  }

  private void copy(BlobService from, BlobService to) throws Exception {
    byte[] large = new byte[5 * BLOCK + 17];
    new Random(3).nextBytes(large);
    var options = new PutOptions("text/x-test", "", Map.of("k", "v"), Conditions.NONE);
    from.createContainer(CONTAINER);
    to.createContainer(CONTAINER + "2");
    String md5 = from.put(CONTAINER, "p/large \u00fc", BodySource.of(large), options).contentMd5();
    from.put(CONTAINER, "p/small", BodySource.of(new byte[] {1, 2, 3}), options);
    var job =
        new ServerCopyJob(
            from,
            new ServerCopyJob.Place(CONTAINER, "p"),
            to,
            new ServerCopyJob.Place(CONTAINER + "2", "x"),
            TransferOptions.builder()
                .recursive(true)
                .blockSize(BLOCK)
                .concurrency(4)
                .deleteSource(true)
                .build(),
            heard);
    job.run();
    assertThat(heard.failed).isEmpty();
    assertThat(Trees.get(to, CONTAINER + "2", "x/large \u00fc")).isEqualTo(large);
    assertThat(Trees.get(to, CONTAINER + "2", "x/small")).isEqualTo(new byte[] {1, 2, 3});
    BlobProperties made = to.head(CONTAINER + "2", "x/large \u00fc");
    assertThat(made.contentType()).isEqualTo("text/x-test");
    assertThat(made.contentMd5()).isEqualTo(md5).isNotEmpty();
    assertThat(made.metadata()).isEqualTo(Map.of("k", "v"));
    assertThat(Trees.blobs(from, CONTAINER)).isEmpty();
  }

  @Test
  void aServiceThatReadsUrlsReadsWithASasMadeOfTheKey() throws Exception {
    try (BlobService from = strict(one);
        BlobService to = strict(two)) {
      copy(from, to);
      assertThat(heard.warned).isEmpty();
    }
  }

  @Test
  void azuriteAsSourceTakesTheSasToo() throws Exception {
    try (BlobService from = azurite();
        BlobService to = strict(two)) {
      copy(from, to);
      assertThat(heard.warned).isEmpty();
      from.deleteContainer(CONTAINER);
    }
  }

  @Test
  void azuriteAsDestinationIsServedThroughHere() throws Exception {
    try (BlobService from = strict(one);
        BlobService to = azurite()) {
      copy(from, to);
      assertThat(heard.warned).singleElement().asString().contains("through this machine");
      to.deleteContainer(CONTAINER + "2");
    }
  }
}
