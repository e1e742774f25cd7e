package io.azcp.transfer.engine;

import static io.azcp.transfer.blob.FaultyBlobService.Operation.GET;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.HEAD;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.LIST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NamesTest extends TransferFixture {
  private static NameList list(String lines) {
    return new NameList(new ByteArrayInputStream(Trees.utf8(lines)), "the list");
  }

  private static List<String> names(String lines) throws IOException {
    List<String> names = new ArrayList<>();
    list(lines).each((name, length, modified) -> names.add(name));
    return names;
  }

  @Test
  void aListHasOneNameALine() throws Exception {
    assertThat(names("\ufeffa\r\nb c\n\n/d/e\n#f\nlast"))
        .containsExactly("a", "b c", "d/e", "#f", "last");
    assertThat(names("")).isEmpty();
    var latin =
        new NameList(new ByteArrayInputStream(new byte[] {'a', '\n', (byte) 0xe4}), "the list");
    assertThatThrownBy(() -> latin.each((name, length, modified) -> {}))
        .isInstanceOf(AzcpException.class)
        .hasMessageContaining("line 2 of the list");
    assertThatThrownBy(() -> names("x".repeat(20_000))).hasMessageContaining("line 1");
  }

  @Test
  void onlyTheListedFilesGoUpAndAMissingOneIsNamed() throws Exception {
    Trees.write(
        source,
        Map.of("a", bytes(1), "b", bytes(2), "d/x", bytes(3), "d/e/y", bytes(4), "z", bytes(5)));
    UploadJob job = upload(options().names(list("a\nmissing\nd\n../escape\nz\n")));
    assertThat(Trees.blobs(memory, "c")).containsOnlyKeys("a", "d/x", "d/e/y", "z");
    assertThat(heard.ended(FileResult.Status.FAILED)).containsExactly("missing", "../escape");
    assertThat(job.stats().files()).isEqualTo(4);
  }

  @Test
  void onlyTheListedBlobsComeDownAndAMissingOneIsNamed() throws Exception {
    blob("a", "x");
    blob("b", "x");
    Trees.put(memory, "c", "d/large", bytes(5 * BLOCK));
    DownloadJob job = download(options().names(list("a\nmissing\nd/large\n../escape\n")));
    assertThat(local()).containsOnlyKeys("a", "d/large");
    assertThat(heard.ended(FileResult.Status.FAILED))
        .containsExactlyInAnyOrder("missing", "../escape");
    assertThat(job.stats().failed()).isEqualTo(2);
    assertThat(service.log(LIST)).isEmpty();
    assertThat(dir.resolve("escape")).doesNotExist();
  }

  @Test
  void whatAListSaysOfLengthsIsOnlyForThePlan() throws Exception {
    Trees.put(memory, "c", "grew", bytes(3 * BLOCK));
    Trees.put(memory, "c", "shrank", bytes(7));
    Trees.put(memory, "c", "large", bytes(5 * BLOCK + 1));
    blob("small", "x");
    NameSource said =
        visitor -> {
          visitor.name("grew", 10, 0);
          visitor.name("shrank", 10L * BLOCK, 0);
          visitor.name("large", 5 * BLOCK, 0);
          visitor.name("gone", 10, 0);
          visitor.name("gone-large", 10L * BLOCK, 0);
          visitor.name("small", 1, 0);
        };
    DownloadJob job = download(options().names(said));
    assertThat(local().get("grew")).isEqualTo(bytes(3 * BLOCK));
    assertThat(local().get("shrank")).isEqualTo(bytes(7));
    assertThat(local().get("large")).isEqualTo(bytes(5 * BLOCK + 1));
    assertThat(heard.ended(FileResult.Status.FAILED))
        .containsExactlyInAnyOrder("gone", "gone-large");
    assertThat(job.stats().files()).isEqualTo(4);
    assertThat(job.stats().bytes()).isEqualTo(3 * BLOCK + 7 + 5 * BLOCK + 1 + 1);
    assertThat(service.log(HEAD)).extracting(r -> r.name()).doesNotContain("small", "grew");
    assertThat(service.log(GET)).extracting(r -> r.name()).contains("small");
    assertThat(Files.getLastModifiedTime(dest.resolve("small")).toMillis())
        .isEqualTo(memory.head("c", "small").lastModified());
  }

  @Test
  void theFilterIsAppliedToEverySource() throws Exception {
    Trees.write(source, Map.of("a.txt", bytes(1), "b.bin", bytes(2), "d/c.txt", bytes(3)));
    NameFilter text = (name, modified) -> name.endsWith(".txt");
    upload(options().filter(text));
    assertThat(Trees.blobs(memory, "c")).containsOnlyKeys("a.txt", "d/c.txt");
    upload(options().filter(text).names(list("b.bin\na.txt")));
    assertThat(Trees.blobs(memory, "c")).doesNotContainKey("b.bin");
    blob("b.bin", "x");
    download(options().filter(text));
    assertThat(local()).containsOnlyKeys("a.txt", "d/c.txt");
    download(options().filter(text).names(list("b.bin")));
    assertThat(local()).doesNotContainKey("b.bin");
    // What a filter leaves nothing of is no error.
    download(options().filter((name, modified) -> false));
    upload(options().filter((name, modified) -> false));
    assertThat(heard.failed).isEmpty();
  }
}
