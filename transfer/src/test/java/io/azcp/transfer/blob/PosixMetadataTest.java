package io.azcp.transfer.blob;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PosixMetadataTest {
  private static PosixMetadata of(Map<String, String> metadata) {
    return PosixMetadata.from(new BlobProperties("e", 0, 0, "", "", "", "", metadata));
  }

  @Property
  void readsWhatItWrites(
      @ForAll @IntRange(min = 0, max = 0177777) int mode,
      @ForAll long nanos,
      @ForAll int uid,
      @ForAll boolean folder) {
    PosixMetadata metadata =
        new PosixMetadata(
            OptionalInt.of(mode),
            OptionalLong.of(nanos),
            OptionalInt.of(uid),
            OptionalInt.empty(),
            !folder,
            folder);
    assertThat(of(metadata.toMetadata())).isEqualTo(metadata);
  }

  @Test
  void readsWhatAzCopyWrites() {
    PosixMetadata metadata =
        of(
            Map.of(
                "permissions", "33188",
                "modtime", "1700000000123456789",
                "posix_owner", "1000",
                "posix_group", "4294967294",
                "IS_SYMLINK", "true"));
    assertThat(metadata.mode()).hasValue(0100644);
    assertThat(metadata.modtimeNanos()).hasValue(1700000000123456789L);
    assertThat(metadata.uid()).hasValue(1000);
    assertThat(metadata.gid()).hasValue(-2);
    assertThat(metadata.symlink()).isTrue();
    assertThat(metadata.folder()).isFalse();
  }

  @Test
  void readsWhatAmlfsWrites() {
    PosixMetadata metadata =
        of(Map.of("permissions", "0755", "modtime", "2024-01-02 03:04:05 -0700"));
    assertThat(metadata.mode()).hasValue(0755);
    assertThat(metadata.modtimeNanos()).hasValue(1704189845_000_000_000L);
  }

  @Test
  void whatIsNotUnderstoodIsNotSaid() {
    assertThat(of(Map.of())).isEqualTo(PosixMetadata.NONE);
    assertThat(
            of(
                Map.of(
                    "permissions", "rwxr-xr-x",
                    "modtime", "yesterday",
                    "posix_owner", "root",
                    "posix_group", "-1")))
        .isEqualTo(PosixMetadata.NONE);
    assertThat(PosixMetadata.NONE.toMetadata()).isEmpty();
  }
}
