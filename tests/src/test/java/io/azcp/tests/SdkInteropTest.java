package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.BlobClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What we write the Azure SDK for Java reads right, and the other way round. */
class SdkInteropTest extends SdkCase {
  private static final List<String> NAMES =
      List.of(
          "plain.txt",
          "x%41y",
          "100%",
          "sp ace",
          "trailing ",
          "ha#sh",
          "q?x&y=z+w",
          "'quote'\"",
          "ünï/çødé",
          "日本/😀",
          "a/b/c/deep",
          "semi;colon",
          "tab\tname");

  private static Map<String, byte[]> named() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    NAMES.forEach(name -> files.put(name, bytes("content of " + name)));
    return files;
  }

  /** Java under LANG=C cannot name such files: a shell makes and reads them. */
  private void shell(String script, String... arguments) {
    NamesFromHellTest.shell(lab.folder, script, arguments);
  }

  @Test
  void namesFromHellUp() {
    for (String name : NAMES) {
      shell(
          "mkdir -p \"$(dirname \"source/$1\")\" && printf 'content of %s' \"$1\" > \"source/$1\"",
          name);
    }
    lab.ok("copy", "-r", source.toString(), lab.url("up"));
    assertThat(lab.blobs())
        .containsExactlyInAnyOrderElementsOf(NAMES.stream().map(name -> "up/" + name).toList());
    named().forEach((name, content) -> assertThat(lab.download("up/" + name)).isEqualTo(content));
  }

  @Test
  void namesFromHellDown() {
    named().forEach((name, content) -> lab.upload("down/" + name, content));
    lab.ok("copy", "-r", lab.url("down"), target.toString());
    for (String name : NAMES) {
      shell("test \"$(cat \"target/$1\")\" = \"content of $1\"", name);
    }
  }

  @Test
  void typeLengthAndContentUp() throws Exception {
    byte[] large = new byte[9 << 20];
    new java.util.Random(4).nextBytes(large);
    FileTrees.write(source, Map.of("small.json", bytes("{}"), "large.bin", large));
    lab.ok("copy", "-r", source.toString(), lab.url("up"));
    BlobClient small = lab.sdk().getBlobClient("up/small.json");
    assertThat(small.getProperties().getContentType()).isEqualTo("application/json");
    assertThat(small.getProperties().getContentMd5()).as("kept by the service").hasSize(16);
    assertThat(lab.sdk().getBlobClient("up/large.bin").getProperties().getBlobSize())
        .isEqualTo(large.length);
    assertThat(lab.download("up/large.bin")).isEqualTo(large);
  }

  @Test
  void directoryMarkersDown() {
    upload("d/empty", "", Map.of("hdi_isfolder", "true"));
    upload("d/full", "", Map.of("hdi_isfolder", "true"));
    lab.upload("d/full/f", "x");
    lab.ok("copy", "-r", lab.url("d"), target.toString());
    assertThat(target.resolve("empty")).isEmptyDirectory();
    assertThat(target.resolve("full/f")).hasContent("x");
  }
}
