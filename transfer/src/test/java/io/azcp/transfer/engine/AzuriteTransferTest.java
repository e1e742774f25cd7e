package io.azcp.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.AzuriteServer;
import io.azcp.transfer.blob.BlobHeaders;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobServices;
import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.blob.ClientOptions;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.blob.PutOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What moves with a file over HTTP: sums, headers, attributes, links, directories, streams. */
@Timeout(240)
class AzuriteTransferTest {
  private static final int BLOCK = 64 << 10;
  private final String box = "moves" + Long.toString(System.nanoTime(), 36);
  private final Heard heard = new Heard();
  private OpenedService opened;
  @TempDir Path dir;

  @BeforeEach
  void open() throws Exception {
    AzuriteServer azurite = AzuriteServer.shared();
    opened =
        BlobServices.open(
            BlobUrl.parse(azurite.endpoint(), null),
            Map.of(
                "AZURE_STORAGE_ACCOUNT", azurite.account(),
                "AZURE_STORAGE_KEY", azurite.key()),
            ClientOptions.DEFAULT);
    opened.service().createContainer(box);
  }

  @AfterEach
  void close() throws Exception {
    opened.service().deleteContainer(box);
    opened.close();
  }

  private static TransferOptions.Builder options() {
    return TransferOptions.builder()
        .recursive(true)
        .blockSize(BLOCK)
        .concurrency(4)
        .preservePosix(true)
        .symlinks(Symlinks.PRESERVE)
        .putMd5(true)
        .checkMd5(CheckMd5.FAIL_IF_DIFFERENT_OR_MISSING);
  }

  @Test
  void aTreeComesBackWithEverything() throws Exception {
    Path source = Files.createDirectory(dir.resolve("source"));
    Trees.write(
        source,
        Map.of(
            "small.txt",
            TransferFixture.bytes(100),
            "d/large",
            TransferFixture.bytes(5 * BLOCK + 3),
            "d/empty",
            new byte[0]));
    Files.createSymbolicLink(source.resolve("link"), Path.of("d/large"));
    Files.createDirectory(source.resolve("void"));
    FileTime then = FileTime.from(Instant.parse("2001-02-03T04:05:06.123456789Z"));
    for (String name : List.of("small.txt", "d/large", "void", "d")) {
      Files.setLastModifiedTime(source.resolve(name), then);
    }
    var given =
        new PutOptions(
            "",
            "",
            Map.of("project", "x"),
            new BlobHeaders("", "de", "", "max-age=5", "", Map.of()),
            Conditions.NONE);
    var up =
        new UploadJob(
            opened.service(), options().attributes(given).build(), heard, source, box, "p");
    up.run();
    BlobProperties large = opened.service().head(box, "p/d/large");
    assertThat(large.contentMd5()).isNotEmpty();
    assertThat(large.metadataValue("project")).isEqualTo("x");
    assertThat(large.metadataValue("modtime")).isEqualTo("981173106123456789");
    assertThat(opened.service().head(box, "p/void").isFolder()).isTrue();
    Path dest = dir.resolve("dest");
    new DownloadJob(opened.service(), options().build(), heard, box, "p", dest, false).run();
    assertThat(heard.failed).isEmpty();
    assertThat(dest.resolve("d/large")).hasSameBinaryContentAs(source.resolve("d/large"));
    assertThat(dest.resolve("d/empty")).isEmptyFile();
    assertThat(Files.readSymbolicLink(dest.resolve("link"))).isEqualTo(Path.of("d/large"));
    for (String name : List.of("small.txt", "d/large", "void", "d")) {
      assertThat(Files.getLastModifiedTime(dest.resolve(name), LinkOption.NOFOLLOW_LINKS))
          .as(name)
          .isEqualTo(then);
    }
  }

  @Test
  void aStreamGoesUpAndComesDown() throws Exception {
    byte[] content = TransferFixture.bytes(7 * BLOCK + 11);
    var in = Channels.newChannel(new ByteArrayInputStream(content));
    new StreamUpload(opened.service(), options().build(), heard, in, box, "s").run();
    var out = new ByteArrayOutputStream();
    var channel = Channels.newChannel(out);
    new StreamDownload(opened.service(), options().build(), heard, box, "s", channel).run();
    assertThat(heard.failed).isEmpty();
    assertThat(out.toByteArray()).isEqualTo(content);
  }

  @Test
  void aMoveLeavesNothingBehind() throws Exception {
    Path source = Files.createDirectory(dir.resolve("source"));
    Trees.write(source, Map.of("a", new byte[1], "b", TransferFixture.bytes(3 * BLOCK)));
    TransferOptions moving =
        TransferOptions.builder().recursive(true).blockSize(BLOCK).deleteSource(true).build();
    new UploadJob(opened.service(), moving, heard, source, box, "").run();
    assertThat(source).doesNotExist();
    Path dest = dir.resolve("dest");
    new DownloadJob(opened.service(), moving, heard, box, "", dest, false).run();
    assertThat(Trees.read(dest)).containsOnlyKeys("a", "b");
    assertThat(Trees.blobs(opened.service(), box)).isEmpty();
    assertThat(heard.failed).isEmpty();
  }
}
