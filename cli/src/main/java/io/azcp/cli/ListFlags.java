package io.azcp.cli;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.UsageException;
import io.azcp.transfer.engine.LocalPaths;
import io.azcp.transfer.engine.NameList;
import io.azcp.transfer.engine.NameSource;
import io.azcp.transfer.engine.TransferOptions;
import io.azcp.transfer.engine.shard.Shard;
import io.azcp.transfer.engine.shard.ShardList;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Files by their names, in place of all that a source holds. */
final class ListFlags extends Flags {
  private final Value<String> list =
      arguments
          .text("--list-of-files")
          .label("FILE")
          .says("Only the files named there, one a line, below the source; - is standard input.");

  private final Value<String> shardList =
      arguments
          .text("--shardlist")
          .label("FILE")
          .says(
              "Only the blobs listed there, one a line: name, tab, size[, tab, time], as ls"
                  + " --machine-readable prints them; - is standard input.");

  private final Value<String> shard =
      arguments
          .text("--shard")
          .label("I/N")
          .says("Only the I-th (from 0) of N parts of the files; N runs move all of them.");

  ListFlags(Arguments arguments) {
    super(arguments);
  }

  /** Whether a list of files was given. */
  boolean nameFiles() {
    return !(list.get().isEmpty() && shardList.get().isEmpty());
  }

  /** The part of the files that is moved. */
  Shard shard() throws UsageException {
    return shard.get().isEmpty() ? Shard.WHOLE : Shard.parse(shard.get());
  }

  /** Adds what was said. */
  void apply(TransferOptions.Builder options, Direction direction, Invocation invocation)
      throws UsageException {
    boolean download = direction == Direction.DOWNLOAD;
    boolean copy = direction == Direction.COPY;
    direction.refuse(
        copy && !list.get().isEmpty(), "--list-of-files", "choose with --include-path");
    direction.refuse(!download && !shardList.get().isEmpty(), "--shardlist", "it names blobs");
    if (!list.get().isEmpty() && !shardList.get().isEmpty()) {
      throw new UsageException("--list-of-files and --shardlist contradict each other");
    }
    options.shard(shard());
    if (!list.get().isEmpty()) {
      options.names(names(invocation));
    } else if (!shardList.get().isEmpty()) {
      options.names(listed(invocation));
    }
  }

  private NameSource listed(Invocation invocation) {
    boolean stdin = shardList.get().equals(ShardList.STDIN);
    String file =
        stdin ? shardList.get() : LocalPaths.of(invocation.directory(), shardList.get()).toString();
    var entries = new ShardList(file, invocation.in());
    return visitor -> entries.each(entry -> visitor.name(entry.name(), entry.size(), 0));
  }

  private NameSource names(Invocation invocation) {
    if (list.get().equals("-")) {
      return new NameList(invocation.in(), "standard input");
    }
    Path path = LocalPaths.of(invocation.directory(), list.get());
    return visitor -> {
      try (InputStream in = open(path)) {
        new NameList(in, list.get()).each(visitor);
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
