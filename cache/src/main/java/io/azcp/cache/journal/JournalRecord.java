package io.azcp.cache.journal;

import java.util.Arrays;

/**
 * One entry of a journal. The payload is not copied; nobody changes it.
 *
 * <p>(A class and not a Java record, because two entries with equal bytes are equal.)
 */
public final class JournalRecord {
  private final byte type;
  private final byte[] payload;

  /**
   * An entry.
   *
   * @param type what the payload is, as its writer defines
   * @param payload its content, see {@link RecordWriter}
   */
  public JournalRecord(int type, byte[] payload) {
    this.type = (byte) type;
    this.payload = payload;
  }

  /** What the payload is, from −128 to 127. */
  public int type() {
    return type;
  }

  /** The content. */
  public byte[] payload() {
    return payload;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JournalRecord r && r.type == type && Arrays.equals(r.payload, payload);
  }

  @Override
  public int hashCode() {
    return 31 * type + Arrays.hashCode(payload);
  }

  @Override
  public String toString() {
    return "record " + type + " of " + payload.length + " bytes";
  }
}
