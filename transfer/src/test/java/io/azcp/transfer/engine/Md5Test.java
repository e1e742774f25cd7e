package io.azcp.transfer.engine;

import static io.azcp.transfer.blob.FaultyBlobService.Operation.GET;
import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.PutOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class Md5Test extends TransferFixture {
  private static final byte[] SMALL = bytes(100);
  private static final byte[] LARGE = bytes(40 * BLOCK + 17);
  private static final String WRONG = Base64.getEncoder().encodeToString(new byte[16]);

  private static String md5(byte[] content) throws Exception {
    return Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(content));
  }

  private void blob(String name, byte[] content, String md5) throws IOException {
    if (md5.isEmpty()) {
      // Blobs put together of blocks have no MD5 but that which is sent along.
      String id = BlockIds.random().id(0);
      memory.putBlock("c", name, id, BodySource.of(content));
      memory.putBlockList("c", name, java.util.List.of(id), PutOptions.NONE);
    } else {
      memory.put(
          "c", name, BodySource.of(content), new PutOptions("", md5, Map.of(), Conditions.NONE));
    }
  }

  @BeforeEach
  void blobs() throws Exception {
    blob("small", SMALL, md5(SMALL));
    blob("large", LARGE, md5(LARGE));
  }

  @Test
  void anUploadStoresTheMd5OfEveryFileWhereAskedTo() throws Exception {
    Trees.write(source, Map.of("s", SMALL, "l", LARGE));
    upload(options().putMd5(true));
    assertThat(memory.head("c", "s").contentMd5()).isEqualTo(md5(SMALL));
    assertThat(memory.head("c", "l").contentMd5()).isEqualTo(md5(LARGE));
    upload(options());
    assertThat(memory.head("c", "l").contentMd5()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(CheckMd5.class)
  void whatIsRightComesWhateverThePolicy(CheckMd5 policy) throws Exception {
    DownloadJob job = download(options().checkMd5(policy));
    assertThat(job.stats().files()).isEqualTo(2);
    assertThat(local().get("large")).isEqualTo(LARGE);
    assertThat(heard.failed).isEmpty();
    assertThat(heard.warned).isEmpty();
  }

  @Test
  void byDefaultWhatComesInOneAnswerIsChecked() throws Exception {
    blob("small", SMALL, WRONG);
    blob("large", LARGE, WRONG);
    download(options());
    assertThat(heard.failed).singleElement().asString().contains("small").contains("MD5");
    assertThat(local()).containsOnlyKeys("large");
  }

  @Test
  void noCheckNeverLooks() throws Exception {
    blob("small", SMALL, WRONG);
    download(options().checkMd5(CheckMd5.NO_CHECK));
    assertThat(local()).containsOnlyKeys("small", "large");
  }

  @Test
  void aLoggedDifferenceIsAWarning() throws Exception {
    blob("large", LARGE, WRONG);
    blob("none", LARGE, "");
    DownloadJob job = download(options().checkMd5(CheckMd5.LOG_ONLY));
    assertThat(heard.warned).singleElement().asString().contains("large").contains("MD5");
    assertThat(job.stats().files()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aDifferenceOrAMissingSumFailsThatFile(boolean discard) throws Exception {
    blob("small-wrong", SMALL, WRONG);
    blob("large-wrong", LARGE, WRONG);
    blob("none-small", SMALL, "");
    blob("none-large", LARGE, "");
    DownloadJob job =
        download(options().checkMd5(CheckMd5.FAIL_IF_DIFFERENT_OR_MISSING).discard(discard));
    assertThat(heard.ended(FileResult.Status.FAILED))
        .containsExactlyInAnyOrder("small-wrong", "large-wrong", "none-small", "none-large");
    assertThat(job.stats().files()).isEqualTo(2);
    if (discard) {
      assertThat(dest).doesNotExist();
    } else {
      assertThat(local()).containsOnlyKeys("small", "large");
    }
  }

  @Test
  void aMissingSumIsNoDifference() throws Exception {
    blob("none", LARGE, "");
    blob("large", LARGE, WRONG);
    download(options().checkMd5(CheckMd5.FAIL_IF_DIFFERENT));
    assertThat(heard.ended(FileResult.Status.FAILED)).containsExactly("large");
    assertThat(local()).containsOnlyKeys("small", "none");
  }

  @Test
  void discardedBytesAreCountedAndWrittenNowhere() throws Exception {
    DownloadJob job = download(options().discard(true));
    assertThat(job.stats().files()).isEqualTo(2);
    assertThat(job.stats().bytes()).isEqualTo(SMALL.length + LARGE.length);
    assertThat(service.log(GET)).hasSize(1 + 41);
    assertThat(dest).doesNotExist();
    Files.write(dest, new byte[0]);
    download(options().discard(true));
    assertThat(dest).isEmptyFile();
  }
}
