package io.azcp.transfer.engine.shard;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.UsageException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A list of files to download, one a line: name, tab, size in bytes, and perhaps a tab and when it
 * was modified. Comments ({@code #}), blank lines and lines whose size is no number (headings) are
 * passed over.
 */
public final class ShardList {
  /** The name of the standard input. */
  public static final String STDIN = "-";

  /** Bytes of a line: a name of 1,024 characters takes 4 KiB at most. */
  private static final int LONGEST_LINE = 64 << 10;

  private final String file;
  private final InputStream stdin;

  /**
   * A list. Nothing is opened yet.
   *
   * @param file its path, or {@value #STDIN}
   * @param stdin the standard input; not closed
   */
  public ShardList(String file, InputStream stdin) {
    this.file = file;
    this.stdin = stdin;
  }

  /**
   * A line of the list.
   *
   * @param name of the blob
   * @param size bytes, not negative
   * @param modified the third column as it is written, empty without one
   */
  public record Entry(String name, long size, String modified) {}

  /** Takes the entries in their order. */
  @FunctionalInterface
  public interface Visitor {
    /** An entry. What this throws ends the reading. */
    void entry(Entry entry) throws IOException;
  }

  /**
   * Reads the list, once where it is the standard input.
   *
   * @throws UsageException naming the line that has no size, or is no text
   * @throws AzcpException where the file cannot be read
   */
  public void each(Visitor visitor) throws IOException {
    if (file.equals(STDIN)) {
      read("standard input", visitor, stdin);
      return;
    }
    try (InputStream in = open(file)) {
      read(file, visitor, in);
    }
  }

  private static InputStream open(String file) throws AzcpException {
    try {
      return Files.newInputStream(Path.of(file));
    } catch (IOException | RuntimeException e) {
      throw unreadable(file, e);
    }
  }

  private static AzcpException unreadable(String file, Exception e) {
    return new AzcpException(Errno.EIO, "cannot read the shard list " + file + ": " + e, e);
  }

  private static void read(String shown, Visitor visitor, InputStream in) throws IOException {
    var lines = new Lines(shown, new BufferedInputStream(in, LONGEST_LINE));
    for (String line = lines.next(); line != null; line = lines.next()) {
      boolean comment = line.isBlank() || line.startsWith("#");
      Entry entry = comment ? null : entry(line, lines);
      if (entry != null) {
        visitor.entry(entry);
      }
    }
  }

  private static Entry entry(String line, Lines lines) throws UsageException {
    int first = line.indexOf('\t');
    if (first < 0) {
      throw lines.wrong("has no size: write the name, a tab, and the size in bytes");
    }
    int second = line.indexOf('\t', first + 1);
    String size = (second < 0 ? line.substring(first + 1) : line.substring(first + 1, second));
    long bytes = number(size.strip());
    if (bytes < 0) {
      return null;
    }
    return new Entry(line.substring(0, first), bytes, second < 0 ? "" : line.substring(second + 1));
  }

  /** The number, or −1 for what is none. */
  private static long number(String text) {
    try {
      return text.startsWith("-") ? -1 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** Lines of limited length; ends of either kind are cut off. */
  private static final class Lines {
    private final String shown;
    private final InputStream in;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long number;

    Lines(String shown, InputStream in) {
      this.shown = shown;
      this.in = in;
    }

    /** The next line, or null after the last. */
    String next() throws IOException {
      bytes.reset();
      number++;
      int c = read();
      if (c < 0) {
        return null;
      }
      for (; c >= 0 && c != '\n'; c = read()) {
        if (bytes.size() == LONGEST_LINE) {
          throw wrong("is longer than 64 KiB: this is no list of names and sizes");
        }
        bytes.write(c);
      }
      return text();
    }

    private int read() throws AzcpException {
      try {
        return in.read();
      } catch (IOException e) {
        throw unreadable(shown, e);
      }
    }

    private String text() throws UsageException {
      try {
        String line =
            StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes.toByteArray()))
                .toString();
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
      } catch (CharacterCodingException e) {
        throw new UsageException(where() + "is not UTF-8", e);
      }
    }

    private String where() {
      return "line " + number + " of the shard list " + shown + " ";
    }

    UsageException wrong(String what) {
      return new UsageException(where() + what);
    }
  }
}
