package io.azcp.cli;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.Json;
import io.azcp.transfer.engine.FileResult;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One JSON line for each file of a transfer ({@code --report}). Lines are written through a buffer
 * as files end, and all of them are on disk when it is closed. Used by one thread at a time.
 */
final class ReportFile implements AutoCloseable {
  private final Path path;
  private final Writer writer;
  private IOException failure;

  private ReportFile(Path path, Writer writer) {
    this.path = path;
    this.writer = writer;
  }

  /** Makes the file, or empties it. */
  static ReportFile open(Path path) throws AzcpException {
    try {
      return new ReportFile(path, Files.newBufferedWriter(path, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw fault(path, e);
    }
  }

  private static AzcpException fault(Path path, IOException e) {
    return new AzcpException(
        AzcpException.errnoOf(e), "cannot write the report " + path + ": " + reason(e), e);
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "its directory is not there";
    }
    return e instanceof AccessDeniedException
        ? Errno.EACCES.text()
        : String.valueOf(e.getMessage());
  }

  /** What is told of a file, in the report and on standard output. */
  static Map<String, Object> line(FileResult result) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("name", result.name());
    line.put("status", result.status().name().toLowerCase(Locale.ROOT));
    line.put("bytes", result.bytes());
    if (!result.error().isEmpty()) {
      line.put("error", result.error());
    }
    return line;
  }

  /** Adds a line. After a failure nothing more is written; closing tells it. */
  void add(FileResult result) {
    if (failure != null) {
      return;
    }
    Map<String, Object> line = line(result);
    line.put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    try {
      writer.write(Json.write(line));
      writer.write('\n');
    } catch (IOException e) {
      failure = e;
    }
  }

  /**
   * Writes what is left.
   *
   * @throws AzcpException where some line could not be written
   */
  @Override
  public void close() throws AzcpException {
    try (writer) {
      if (failure != null) {
        throw failure;
      }
    } catch (IOException e) {
      throw fault(path, e);
    }
  }
}
