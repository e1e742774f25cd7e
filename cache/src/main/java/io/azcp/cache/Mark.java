package io.azcp.cache;

import io.azcp.base.posix.Stat;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What says that a file is whole: kept with the file, so that the folder alone tells what is
 * cached. Its form is lines of UTF-8: {@code azcp1}, then each component in order, the name last
 * and only where the path does not tell it.
 *
 * @param identity hash of what the folder mirrors and of the name
 * @param version the blob's version
 * @param mtimeNanos the file's modification time when it was marked; a later one voids the mark
 * @param bootId the boot in which it was written
 * @param durable whether content and mark are known to be on stable storage
 * @param verified how: {@code length}, {@code md5} or {@code local} (it was written here)
 * @param name the name, where the path holds only a hash of it, else empty
 */
record Mark(
    String identity,
    BlobVersion version,
    long mtimeNanos,
    String bootId,
    boolean durable,
    String verified,
    String name) {

  private static final String FORMAT = "azcp1";
  private static final int LINES = 11;

  /** Whether the file is still the one that was marked. */
  boolean agreesWith(Stat stat) {
    return stat.size() == version.length() && stat.mtimeNanos() == mtimeNanos;
  }

  Mark withDurable() {
    return new Mark(identity, version, mtimeNanos, bootId, true, verified, name);
  }

  Mark withVersion(String newIdentity, BlobVersion newVersion, String newName) {
    return new Mark(newIdentity, newVersion, mtimeNanos, bootId, durable, verified, newName);
  }

  byte[] encode() {
    return String.join(
            "\n",
            FORMAT,
            identity,
            version.etag(),
            Long.toString(version.length()),
            Long.toString(version.lastModified()),
            version.contentMd5(),
            Long.toString(mtimeNanos),
            bootId,
            Boolean.toString(durable),
            verified,
            name)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The mark of these bytes; empty when they are not one. */
  static Optional<Mark> decode(byte[] bytes) {
    String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", LINES);
    if (lines.length != LINES || !lines[0].equals(FORMAT)) {
      return Optional.empty();
    }
    try {
      var version =
          new BlobVersion(lines[2], Long.parseLong(lines[3]), Long.parseLong(lines[4]), lines[5]);
      return Optional.of(
          new Mark(
              lines[1],
              version,
              Long.parseLong(lines[6]),
              lines[7],
              Boolean.parseBoolean(lines[8]),
              lines[9],
              lines[10]));
    } catch (NumberFormatException damaged) {
      return Optional.empty();
    }
  }
}
