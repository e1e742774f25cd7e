package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Names one a line, in UTF-8, as {@code --list-of-files} takes them. Blank lines and a byte order
 * mark at the start do not count; a slash before a name is taken off.
 */
public final class NameList implements NameSource {
  /** Longer than any name a file system or the service holds. */
  private static final int MAX_LINE_BYTES = 16 << 10;

  private final InputStream lines;
  private final String what;

  /**
   * A list that is read once.
   *
   * @param lines not closed
   * @param what its name, for messages
   */
  public NameList(InputStream lines, String what) {
    this.lines = new BufferedInputStream(lines);
    this.what = what;
  }

  @Override
  public void each(Visitor visitor) throws IOException {
    long number = 0;
    for (byte[] line = next(1); line != null; line = next(number + 1)) {
      number++;
      String name = decode(line, number);
      if (number == 1 && name.startsWith("\ufeff")) {
        name = name.substring(1);
      }
      name = name.replaceAll("^/+|\r$", "");
      if (!name.isBlank()) {
        visitor.name(name, -1, 0);
      }
    }
  }

  /** The bytes of a line without its end; null after the last. */
  private byte[] next(long number) throws IOException {
    var line = new ByteArrayOutputStream();
    int b = lines.read();
    if (b < 0) {
      return null;
    }
    while (b >= 0 && b != '\n') {
      if (line.size() == MAX_LINE_BYTES) {
        throw malformed(number, "is over " + MAX_LINE_BYTES + " bytes long", null);
      }
      line.write(b);
      b = lines.read();
    }
    return line.toByteArray();
  }

  private String decode(byte[] line, long number) throws AzcpException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(line))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed(number, "is not UTF-8", e);
    }
  }

  private AzcpException malformed(long number, String why, Exception cause) {
    return new AzcpException(
        Errno.EINVAL,
        "line " + number + " of " + what + " " + why + "; give one name a line",
        cause);
  }
}
