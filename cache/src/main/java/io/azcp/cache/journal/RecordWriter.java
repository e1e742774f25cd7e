package io.azcp.cache.journal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Builds a payload: values one behind the other, without names, to be read in the same order by
 * {@link RecordReader}. Integers take 7 bits a byte, the lowest first (negative ones ten bytes);
 * texts and byte arrays have their length in front. Not thread-safe.
 */
public final class RecordWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Appends an integer. */
  public RecordWriter number(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
    return this;
  }

  /** Appends a truth value. */
  public RecordWriter flag(boolean value) {
    out.write(value ? 1 : 0);
    return this;
  }

  /** Appends a text, as UTF-8. Halves of surrogate pairs do not survive. */
  public RecordWriter text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Appends a text that may be missing. */
  public RecordWriter optionalText(String valueOrNull) {
    flag(valueOrNull != null);
    return valueOrNull == null ? this : text(valueOrNull);
  }

  /** Appends bytes. */
  public RecordWriter bytes(byte[] value) {
    number(value.length);
    out.writeBytes(value);
    return this;
  }

  /** Appends a map of texts, in its order. */
  public RecordWriter map(Map<String, String> value) {
    number(value.size());
    value.forEach((k, v) -> text(k).text(v));
    return this;
  }

  /** What was appended. */
  public byte[] payload() {
    return out.toByteArray();
  }

  /** What was appended, as a record. */
  public JournalRecord record(int type) {
    return new JournalRecord(type, payload());
  }
}
