package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.models.BlobHttpHeaders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Command lines of AzCopy's users run as they are typed. */
class AzCopyHabitsTest {
  private Lab lab;
  private Path source;

  @BeforeEach
  void start() throws Exception {
    lab = new Lab();
    source = Files.createDirectory(lab.folder.resolve("source"));
  }

  @AfterEach
  void end() throws Exception {
    lab.close();
  }

  @Test
  void aCorruptedBlobIsFoundWithoutWritingAnything() {
    lab.upload("d/good", "right");
    lab.upload("d/bad", "changed since");
    BlobClient bad = lab.sdk().getBlobClient("d/bad");
    bad.setHttpHeaders(new BlobHttpHeaders().setContentMd5(new byte[16]));

    Checkout.Result checked =
        lab.azcp(
            "copy", lab.url("d"), "/dev/null", "-r", "--check-md5", "FailIfDifferentOrMissing");

    assertThat(checked.code()).as(checked.toString()).isEqualTo(1);
    assertThat(checked.err().lines()).singleElement().asString().contains("d/bad");
    assertThat(lab.folder.toFile().list()).doesNotContain("bad", "good");
    assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
  }

  @Test
  void anAzCopyCommandLineRunsAsTyped() throws Exception {
    Map<String, byte[]> files = FileTrees.write(source, 12, 1000, 9);
    lab.ok(
        "copy",
        source + "/*",
        lab.url("az"),
        "--recursive=true",
        "--overwrite=true",
        "--put-md5",
        "--from-to=LocalBlob",
        "--block-size-mb=8",
        "--cap-mbps=0",
        "--follow-symlinks=false",
        "--output-type=text",
        "--log-level=INFO");
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      assertThat(lab.download("az/" + file.getKey())).isEqualTo(file.getValue());
    }
  }
}
