package io.azcp.prefetch;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.UsageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A list of paths, one a line, each perhaps with a tab and its size in bytes, and more columns that
 * do not matter. Blank lines, comments ({@code #}) and a first line of headings are passed over.
 * Used by one thread.
 */
public final class Manifest implements AutoCloseable {
  private final String shown;
  private final BufferedReader lines;
  private long number;

  /**
   * Reads a list.
   *
   * @param shown what it is called in errors
   * @param in UTF-8; closed with this
   */
  public Manifest(String shown, InputStream in) {
    this.shown = shown;
    this.lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
  }

  /**
   * A line.
   *
   * @param path as it is written
   * @param size bytes, −1 where the line has none
   */
  public record Line(String path, long size) {
    /** The line as this reads it. */
    public String text() {
      return size < 0 ? path : path + "\t" + size;
    }
  }

  /**
   * The next line; null after the last.
   *
   * @throws UsageException naming the line whose size is none, or which is no text
   */
  public Line next() throws IOException {
    while (true) {
      String line = read();
      if (line == null) {
        return null;
      }
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      int tab = line.indexOf('\t');
      if (tab < 0) {
        return new Line(line, -1);
      }
      int end = line.indexOf('\t', tab + 1);
      String size = end < 0 ? line.substring(tab + 1) : line.substring(tab + 1, end);
      if (size.matches("\\d{1,18}")) {
        return new Line(line.substring(0, tab), Long.parseLong(size));
      }
      if (number > 1) {
        throw new UsageException(
            "line " + number + " of " + shown + ": '" + size + "' is no size in bytes");
      }
    }
  }

  private String read() throws IOException {
    try {
      return lines.readLine();
    } catch (CharacterCodingException e) {
      throw new UsageException("line " + (number + 1) + " of " + shown + " is not UTF-8", e);
    } catch (IOException e) {
      throw new AzcpException(Errno.EIO, "cannot read " + shown + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
