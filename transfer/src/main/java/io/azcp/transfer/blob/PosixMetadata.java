package io.azcp.transfer.blob;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * POSIX attributes as blob metadata, under AzCopy's keys ({@link MetadataKeys}). What a value does
 * not say in a form that is known counts as not said.
 *
 * @param mode {@code st_mode}; the type bits may be missing
 * @param modtimeNanos last change of the content, nanoseconds since the epoch
 * @param uid owner
 * @param gid group
 * @param symlink whether the content is the target of a symbolic link
 * @param folder whether the blob stands for a directory
 */
public record PosixMetadata(
    OptionalInt mode,
    OptionalLong modtimeNanos,
    OptionalInt uid,
    OptionalInt gid,
    boolean symlink,
    boolean folder) {

  /** Nothing said. */
  public static final PosixMetadata NONE =
      new PosixMetadata(
          OptionalInt.empty(),
          OptionalLong.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          false,
          false);

  private static final DateTimeFormatter AMLFS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss[.SSSSSSSSS] Z", Locale.ROOT);

  /** What a blob's metadata says. */
  public static PosixMetadata from(BlobProperties blob) {
    if (blob.metadata().isEmpty()) {
      // As most blobs are; to find that out key by key costs as much as the file itself.
      return NONE;
    }
    return new PosixMetadata(
        mode(blob.metadataValue(MetadataKeys.PERMISSIONS)),
        modtime(blob.metadataValue(MetadataKeys.MODTIME)),
        id(blob.metadataValue(MetadataKeys.OWNER)),
        id(blob.metadataValue(MetadataKeys.GROUP)),
        "true".equalsIgnoreCase(blob.metadataValue(MetadataKeys.IS_SYMLINK)),
        blob.isFolder());
  }

  /** The metadata that says this; immutable. */
  public Map<String, String> toMetadata() {
    Map<String, String> metadata = new HashMap<>();
    mode.ifPresent(v -> metadata.put(MetadataKeys.PERMISSIONS, Integer.toString(v)));
    modtimeNanos.ifPresent(v -> metadata.put(MetadataKeys.MODTIME, Long.toString(v)));
    uid.ifPresent(v -> metadata.put(MetadataKeys.OWNER, Integer.toUnsignedString(v)));
    gid.ifPresent(v -> metadata.put(MetadataKeys.GROUP, Integer.toUnsignedString(v)));
    if (symlink) {
      metadata.put(MetadataKeys.IS_SYMLINK, "true");
    }
    if (folder) {
      metadata.put(MetadataKeys.IS_FOLDER, "true");
    }
    return Map.copyOf(metadata);
  }

  private static OptionalInt mode(String text) {
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      boolean octal = text.length() > 1 && text.startsWith("0");
      int mode = Integer.parseInt(text, octal ? 8 : 10);
      return mode < 0 || mode > 0177777 ? OptionalInt.empty() : OptionalInt.of(mode);
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  private static OptionalInt id(String text) {
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of(Integer.parseUnsignedInt(text));
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  private static OptionalLong modtime(String text) {
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException notNanoseconds) {
      try {
        Instant instant = OffsetDateTime.parse(text, AMLFS).toInstant();
        return OptionalLong.of(
            Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano()));
      } catch (DateTimeException | ArithmeticException e) {
        return OptionalLong.empty();
      }
    }
  }
}
