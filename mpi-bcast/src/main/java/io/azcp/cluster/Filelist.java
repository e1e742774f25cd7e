package io.azcp.cluster;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** The list of a run's files, for a later run: name, size, and the time as it was listed. */
final class Filelist {
  private Filelist() {}

  /** Writes it, whole or not at all. */
  static void write(Path path, String prefix, FileTable table) throws IOException {
    Path absolute = path.toAbsolutePath();
    long random = ThreadLocalRandom.current().nextLong();
    Path temporary = absolute.resolveSibling(".azcp-" + HexFormat.of().toHexDigits(random));
    try {
      try (BufferedWriter out = Files.newBufferedWriter(temporary, StandardCharsets.UTF_8)) {
        for (int file = 0; file < table.count(); file++) {
          Entry entry = table.get(file);
          out.write(prefix + entry.name() + "\t" + entry.size());
          out.write(entry.column().isEmpty() ? "\n" : "\t" + entry.column() + "\n");
        }
      }
      Files.move(
          temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw new AzcpException(
          Errno.EIO, "cannot write --save-filelist " + path + ": " + e.getMessage(), e);
    }
  }
}
