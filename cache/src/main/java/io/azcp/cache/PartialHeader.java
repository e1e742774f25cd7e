package io.azcp.cache;

import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Native;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The beginning of a map file: whose units it counts. The text is lines of UTF-8 behind a magic
 * number, its length and its CRC-32C; the map itself starts at {@link #BYTES}.
 *
 * @param identity what the folder mirrors
 * @param version the blob's version
 * @param inode inode number of the data file the map speaks of
 * @param bootId the boot in which it was made
 * @param name the blob's name
 */
record PartialHeader(String identity, BlobVersion version, long inode, String bootId, String name) {

  /** Room for the header; a name is at most 1,024 characters. */
  static final int BYTES = 16 << 10;

  private static final int MAGIC = 0x617a4d31;
  private static final int FIXED = 12;
  private static final int LINES = 9;

  void write(int fd) throws IOException {
    byte[] text =
        String.join(
                "\n",
                identity,
                version.etag(),
                Long.toString(version.length()),
                Long.toString(version.lastModified()),
                version.contentMd5(),
                Long.toString(inode),
                bootId,
                Integer.toString(RangeMap.UNIT),
                name)
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer b = Native.buffer(FIXED + text.length);
    b.putInt(MAGIC).putInt(text.length).putInt(crc(text)).put(text).flip();
    Fd.pwriteFully(fd, b, 0);
  }

  /** The header of an open map file; empty when it has none that is intact. */
  static Optional<PartialHeader> read(int fd) throws IOException {
    ByteBuffer b = Native.buffer(BYTES);
    int n = Fd.pread(fd, b, 0);
    b.flip();
    if (n < FIXED || b.getInt() != MAGIC) {
      return Optional.empty();
    }
    int length = b.getInt();
    int crc = b.getInt();
    if (length < 0 || length > b.remaining()) {
      return Optional.empty();
    }
    byte[] text = new byte[length];
    b.get(text);
    String[] lines = new String(text, StandardCharsets.UTF_8).split("\n", LINES);
    if (crc(text) != crc
        || lines.length != LINES
        || !lines[7].equals(Integer.toString(RangeMap.UNIT))) {
      return Optional.empty();
    }
    var version =
        new BlobVersion(lines[1], Long.parseLong(lines[2]), Long.parseLong(lines[3]), lines[4]);
    return Optional.of(
        new PartialHeader(lines[0], version, Long.parseLong(lines[5]), lines[6], lines[8]));
  }

  private static int crc(byte[] text) {
    var crc = new CRC32C();
    crc.update(text);
    return (int) crc.getValue();
  }
}
