package io.azcp.fs.writeback;

import io.azcp.base.posix.Stat;
import io.azcp.transfer.blob.MetadataKeys;
import io.azcp.transfer.blob.PosixMetadata;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** The metadata a blob of ours carries: POSIX attributes, the operation id, others' keys. */
final class BlobMetadata {
  private static final Set<String> OURS =
      Set.of(
          MetadataKeys.OPERATION,
          MetadataKeys.PERMISSIONS,
          MetadataKeys.MODTIME,
          MetadataKeys.OWNER,
          MetadataKeys.GROUP,
          MetadataKeys.IS_SYMLINK,
          MetadataKeys.IS_FOLDER,
          Unasked.MARK);

  private BlobMetadata() {}

  private static boolean isOurs(String key) {
    return OURS.contains(key) || InodeMetadata.isOurs(key);
  }

  /** The metadata of a copy: as they are, unless the attributes were set here. */
  static Map<String, String> ofCopy(Entry entry, String operationId) {
    if (entry.reattributed || entry.wasLocal || entry.kind == Entry.Kind.DIRECTORY) {
      return of(entry.metadata, entry.attributes, operationId);
    }
    Map<String, String> out = new HashMap<>();
    boolean timed = false;
    for (Map.Entry<String, String> m : entry.metadata.entrySet()) {
      if (!m.getKey().equalsIgnoreCase(MetadataKeys.OPERATION)) {
        out.put(m.getKey(), m.getValue());
        timed |= m.getKey().equalsIgnoreCase(MetadataKeys.MODTIME);
      }
    }
    if (!timed) {
      out.put(MetadataKeys.MODTIME, Long.toString(entry.attributes.mtimeNanos()));
    }
    out.put(MetadataKeys.OPERATION, operationId);
    return out;
  }

  /** What a blob written with these attributes has, which a later copy of it must keep. */
  static Map<String, String> written(Map<String, String> others, PosixAttributes attributes) {
    Map<String, String> out = of(others, attributes, "");
    out.remove(MetadataKeys.OPERATION);
    return out;
  }

  /** Whether both say the same of the attributes, whatever else they say. */
  static boolean sameAttributes(Map<String, String> one, Map<String, String> other) {
    return attributes(one).equals(attributes(other));
  }

  private static Map<String, String> attributes(Map<String, String> metadata) {
    Map<String, String> out = new HashMap<>();
    metadata.forEach(
        (name, value) -> {
          String key = name.toLowerCase(Locale.ROOT);
          if (isOurs(key) && !key.equals(MetadataKeys.OPERATION)) {
            out.put(key, value);
          }
        });
    return out;
  }

  /** What of metadata says nothing that we say. */
  static Map<String, String> others(Map<String, String> metadata) {
    Map<String, String> out = new HashMap<>();
    metadata.forEach(
        (key, value) -> {
          if (!isOurs(key.toLowerCase(Locale.ROOT))) {
            out.put(key, value);
          }
        });
    return out;
  }

  /** The metadata of a blob with these attributes; others' keys are kept. */
  static Map<String, String> of(
      Map<String, String> others, PosixAttributes attributes, String operationId) {
    Map<String, String> out = others(others);
    int type = attributes.mode() & Stat.TYPE_MASK;
    var posix =
        new PosixMetadata(
            OptionalInt.of(attributes.mode()),
            OptionalLong.of(attributes.mtimeNanos()),
            OptionalInt.of(attributes.uid()),
            OptionalInt.of(attributes.gid()),
            type == Stat.SYMLINK,
            type == Stat.DIRECTORY);
    out.putAll(posix.toMetadata());
    out.putAll(InodeMetadata.of(attributes));
    out.put(MetadataKeys.OPERATION, operationId);
    return out;
  }
}
