package io.azcp.cli;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.UsageException;
import io.azcp.transfer.engine.LocalPaths;
import io.azcp.transfer.engine.NameList;
import io.azcp.transfer.engine.NameSource;
import io.azcp.transfer.engine.TransferOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Files by their names, in place of all that a source holds. */
final class ListFlags {
  @Option(
      names = "--list-of-files",
      paramLabel = "FILE",
      description =
          "Only the files named there, one a line, below the source; - is standard input.")
  private String list = "";

  /** Whether there is a list. */
  boolean isGiven() {
    return !list.isEmpty();
  }

  /** Adds what was said. */
  void apply(TransferOptions.Builder options, Direction direction, Invocation invocation)
      throws UsageException {
    if (list.isEmpty()) {
      return;
    }
    direction.refuse(direction == Direction.COPY, "--list-of-files", "choose with --include-path");
    options.names(names(invocation));
  }

  private NameSource names(Invocation invocation) {
    if (list.equals("-")) {
      return new NameList(invocation.in(), "standard input");
    }
    Path path = LocalPaths.of(invocation.directory(), list);
    return visitor -> {
      try (InputStream in = open(path)) {
        new NameList(in, list).each(visitor);
      }
    };
  }

  private static InputStream open(Path path) throws AzcpException {
    try {
      return Files.newInputStream(path);
    } catch (NoSuchFileException e) {
      throw new AzcpException(Errno.ENOENT, "there is no list " + LocalPaths.show(path), e);
    } catch (IOException e) {
      throw new AzcpException(
          Errno.EIO, "cannot read the list " + LocalPaths.show(path) + ": " + e.getMessage(), e);
    }
  }
}
