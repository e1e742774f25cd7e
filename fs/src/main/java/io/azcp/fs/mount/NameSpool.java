package io.azcp.fs.mount;

import io.azcp.fs.mount.SpooledNames.Totals;
import io.azcp.prefetch.Manifest;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What one server is to prepare: the paths a user typed in memory, those of a list in a file of its
 * own, since they may be millions. Used by one thread.
 */
final class NameSpool implements AutoCloseable {
  private final List<String> typed = new ArrayList<>();
  private final Path folder;
  private Path file;
  private BufferedWriter writer;
  private Totals totals = Totals.NONE;

  /** A spool whose file, if it needs one, is made in a folder. */
  NameSpool(Path folder) {
    this.folder = folder;
  }

  void add(String path) {
    typed.add(path);
  }

  void add(Manifest.Line line) throws IOException {
    if (writer == null) {
      file = Files.createTempFile(folder, "azcp-names", ".tsv");
      writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
    }
    writer.write(line.text());
    writer.write('\n');
    totals = totals.plus(line);
  }

  /** No more is added. */
  void finish() throws IOException {
    if (writer != null) {
      writer.close();
    }
  }

  List<String> typed() {
    return typed;
  }

  /** The file with the list, absolute; null where there is none. */
  String list() {
    return file == null ? null : file.toAbsolutePath().toString();
  }

  Totals totals() {
    return totals;
  }

  @Override
  public void close() throws IOException {
    finish();
    if (file != null) {
      Files.deleteIfExists(file);
    }
  }
}
