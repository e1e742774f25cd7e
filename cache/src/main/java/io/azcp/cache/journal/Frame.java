package io.azcp.cache.journal;

import io.azcp.base.posix.Native;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * One batch as it lies in the file, little-endian:
 *
 * <pre>
 * u32 length of what follows the checksum
 * u32 CRC-32C of the length and of what follows the checksum
 * u64 sequence number of the batch
 * u32 number of records
 * each record: u8 type, u32 length, payload
 * </pre>
 *
 * A batch is one frame, so it is there as a whole or not at all. Room reserved behind the last one
 * reads as zeros, whose length 0 is that of no frame.
 */
final class Frame {
  /** Bytes in front of the checksummed body: the length and the checksum. */
  static final int HEAD = 8;

  /** Nothing larger is written, so a larger length is damage. */
  static final int MAX_BODY = 64 << 20;

  private static final int BODY_HEAD = 12;
  private static final int RECORD_HEAD = 5;

  private Frame() {}

  /** Bytes a batch takes. */
  static long size(List<JournalRecord> batch) {
    long size = HEAD + BODY_HEAD;
    for (JournalRecord record : batch) {
      size += RECORD_HEAD + record.payload().length;
    }
    return size;
  }

  /** The frame of a batch, ready to be written. */
  static ByteBuffer encode(long sequence, List<JournalRecord> batch) {
    return encode(sequence, batch, Native.buffer(Math.toIntExact(size(batch))));
  }

  /** The same in memory that is large enough. */
  static ByteBuffer encode(long sequence, List<JournalRecord> batch, ByteBuffer into) {
    int size = Math.toIntExact(size(batch));
    ByteBuffer b = into.clear().order(ByteOrder.LITTLE_ENDIAN);
    b.putInt(size - HEAD).putInt(0).putLong(sequence).putInt(batch.size());
    for (JournalRecord record : batch) {
      b.put((byte) record.type()).putInt(record.payload().length).put(record.payload());
    }
    b.flip();
    return b.putInt(4, checksum(b));
  }

  /** Checksum of a frame without its own field; the buffer holds exactly the frame. */
  static int checksum(ByteBuffer frame) {
    var crc = new CRC32C();
    crc.update(frame.duplicate().position(0).limit(4));
    crc.update(frame.duplicate().position(HEAD));
    return (int) crc.getValue();
  }

  /**
   * The records of a frame.
   *
   * @param frame exactly the frame, little-endian
   * @return null when it is not the intact batch of that sequence number
   */
  static List<JournalRecord> decode(ByteBuffer frame, long sequence) {
    if (frame.limit() < HEAD + BODY_HEAD
        || frame.getInt(4) != checksum(frame)
        || frame.getLong(HEAD) != sequence) {
      return null;
    }
    int count = frame.getInt(HEAD + 8);
    ByteBuffer body = frame.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(HEAD + BODY_HEAD);
    List<JournalRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (body.remaining() < RECORD_HEAD) {
        return null;
      }
      int type = body.get();
      int length = body.getInt();
      if (length < 0 || length > body.remaining()) {
        return null;
      }
      byte[] payload = new byte[length];
      body.get(payload);
      records.add(new JournalRecord(type, payload));
    }
    return body.hasRemaining() ? null : records;
  }
}
