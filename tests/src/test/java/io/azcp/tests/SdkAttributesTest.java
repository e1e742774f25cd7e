package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.models.BlobProperties;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Properties that go beside a content, read and written by the Azure SDK for Java. */
class SdkAttributesTest extends SdkCase {
  private BlobProperties properties(String blob) {
    return lab.sdk().getBlobClient(blob).getProperties();
  }

  @Test
  void md5TypeAndLengthUp() throws Exception {
    byte[] small = bytes("{}");
    byte[] large = new byte[9 << 20];
    new java.util.Random(4).nextBytes(large);
    FileTrees.write(source, Map.of("small.json", small, "large.bin", large));
    lab.ok("copy", "-r", "--put-md5", source.toString(), lab.url("up"));
    MessageDigest md5 = MessageDigest.getInstance("MD5");
    assertThat(properties("up/small.json").getContentMd5()).isEqualTo(md5.digest(small));
    assertThat(properties("up/small.json").getContentType()).isEqualTo("application/json");
    assertThat(properties("up/large.bin").getContentMd5()).isEqualTo(md5.digest(large));
    assertThat(properties("up/large.bin").getBlobSize()).isEqualTo(large.length);
    assertThat(lab.download("up/large.bin")).isEqualTo(large);
  }

  @Test
  void metadataAndHeadersUp() throws Exception {
    FileTrees.write(source, Map.of("f", bytes("x")));
    lab.ok(
        "copy",
        source.resolve("f").toString(),
        lab.url("f"),
        "--metadata",
        "owner=me;project=x1",
        "--content-type",
        "text/x-mine",
        "--cache-control",
        "no-store");
    BlobProperties properties = properties("f");
    assertThat(properties.getMetadata())
        .containsEntry("owner", "me")
        .containsEntry("project", "x1");
    assertThat(properties.getContentType()).isEqualTo("text/x-mine");
    assertThat(properties.getCacheControl()).isEqualTo("no-store");
  }

  @Test
  void posixPropertiesBothWays() throws Exception {
    Path file = source.resolve("f");
    Files.write(file, bytes("x"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x---"));
    FileTime time = FileTime.from(Instant.parse("2001-02-03T04:05:06Z"));
    Files.setLastModifiedTime(file, time);
    lab.ok("copy", "-r", "--preserve-posix-properties", source.toString(), lab.url("up"));
    assertThat(properties("up/f").getMetadata())
        .containsEntry("posix_owner", "0")
        .containsEntry("posix_group", "0")
        .containsKeys("permissions", "modtime");

    lab.ok("copy", "-r", "--preserve-posix-properties", lab.url("up"), target.toString());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target.resolve("f"))))
        .isEqualTo("rwxr-x---");
    assertThat(Files.getLastModifiedTime(target.resolve("f"))).isEqualTo(time);
  }

  @Test
  void symbolicLinksBothWays() throws Exception {
    Files.write(source.resolve("real"), bytes("x"));
    Files.createSymbolicLink(source.resolve("link"), Path.of("real"));
    lab.ok("copy", "-r", "--preserve-symlinks", source.toString(), lab.url("up"));
    assertThat(properties("up/link").getMetadata()).containsEntry("is_symlink", "true");
    assertThat(lab.download("up/link")).isEqualTo(bytes("real"));

    upload("up/theirs", "real", Map.of("is_symlink", "true"));
    lab.ok("copy", "-r", "--preserve-symlinks", lab.url("up"), target.toString());
    assertThat(Files.readSymbolicLink(target.resolve("link"))).isEqualTo(Path.of("real"));
    assertThat(Files.readSymbolicLink(target.resolve("theirs"))).isEqualTo(Path.of("real"));
  }
}
