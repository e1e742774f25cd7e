package io.azcp.cache.journal;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the values of a payload in the order in which {@link RecordWriter} appended them. A payload
 * that ends too soon or holds an impossible length gives an error, never a guessed value. Not
 * thread-safe.
 */
public final class RecordReader {
  private static final int LONGEST_NUMBER = 63;

  private final byte[] payload;
  private int at;

  /** Reads from the beginning. */
  public RecordReader(JournalRecord record) {
    this.payload = record.payload();
  }

  /** The next integer. */
  public long number() throws AzcpException {
    long value = 0;
    for (int shift = 0; shift <= LONGEST_NUMBER; shift += 7) {
      byte b = next();
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw damaged();
  }

  /** The next truth value. */
  public boolean flag() throws AzcpException {
    return switch (next()) {
      case 0 -> false;
      case 1 -> true;
      default -> throw damaged();
    };
  }

  /** The next text. */
  public String text() throws AzcpException {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  /** The next text that may be missing, null when it is. */
  public String optionalText() throws AzcpException {
    return flag() ? text() : null;
  }

  /** The next bytes. */
  public byte[] bytes() throws AzcpException {
    long length = number();
    if (length < 0 || length > payload.length - at) {
      throw damaged();
    }
    at += (int) length;
    return Arrays.copyOfRange(payload, at - (int) length, at);
  }

  /** The next map of texts, in the order it had. */
  public Map<String, String> map() throws AzcpException {
    long size = number();
    if (size < 0 || size > payload.length - at) {
      throw damaged();
    }
    Map<String, String> map = new LinkedHashMap<>();
    for (long i = 0; i < size; i++) {
      map.put(text(), text());
    }
    return map;
  }

  /** Whether nothing is left: how a reader tells a payload of an older form. */
  public boolean atEnd() {
    return at == payload.length;
  }

  private byte next() throws AzcpException {
    if (atEnd()) {
      throw damaged();
    }
    return payload[at++];
  }

  private static AzcpException damaged() {
    return new AzcpException(
        Errno.EIO,
        "A journal record has another form than this version of azcp writes; finish with the"
            + " version that wrote it.");
  }
}
