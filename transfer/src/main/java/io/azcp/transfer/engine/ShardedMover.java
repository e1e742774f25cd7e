package io.azcp.transfer.engine;

import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.engine.shard.Shard;
import io.azcp.transfer.engine.shard.ShardedFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Moves the files of one shard. All are found before the first is moved, for what belongs to a
 * shard depends on all; of everything, each is moved as it is found.
 */
final class ShardedMover implements Mover, AutoCloseable {
  private static final int FIXED = 9;

  private final Mover mover;
  private final Shard.Bins own;
  private final ShardedFiles files;

  private ShardedMover(Mover mover, Shard.Bins own, ShardedFiles files) {
    this.mover = mover;
    this.own = own;
    this.files = files;
  }

  /** What moves the files of the shard that the options name. */
  static ShardedMover of(TransferOptions options, Mover mover) {
    Shard shard = options.shard();
    ShardedFiles files = shard.isWhole() ? null : new ShardedFiles(options.folder());
    return new ShardedMover(mover, shard.bins(options.workers()), files);
  }

  @Override
  public void move(Schedule schedule, SourceFile file) throws IOException {
    if (files == null) {
      mover.move(schedule, file);
    } else {
      files.add(file.name(), Math.max(0, file.length()), attributes(file));
    }
  }

  /** Moves what is to be moved, once all was found. */
  void finish(Schedule schedule) throws IOException {
    if (files != null) {
      files.each(
          own, (name, size, attributes) -> mover.move(schedule, file(name, size, attributes)));
    }
  }

  private static String[] attributes(SourceFile file) {
    List<String> texts = new ArrayList<>();
    texts.add(file.kind().name());
    texts.add(Long.toString(file.lastModified()));
    texts.add(file.path() == null ? "" : file.path().toString());
    BlobProperties blob = file.blob();
    if (blob != null) {
      texts.add(Long.toString(blob.lastModified()));
      texts.addAll(
          List.of(
              blob.etag(), blob.contentType(), blob.contentMd5(), blob.blobType(), blob.tier()));
      blob.metadata()
          .forEach(
              (key, value) -> {
                texts.add(key);
                texts.add(value);
              });
    }
    return texts.toArray(String[]::new);
  }

  private static SourceFile file(String name, long size, List<String> texts) {
    var kind = SourceFile.Kind.valueOf(texts.get(0));
    long lastModified = Long.parseLong(texts.get(1));
    Path path = texts.get(2).isEmpty() ? null : Path.of(texts.get(2));
    BlobProperties blob = texts.size() < FIXED ? null : blob(size, texts);
    return new SourceFile(name, kind, size, lastModified, path, blob);
  }

  private static BlobProperties blob(long size, List<String> texts) {
    Map<String, String> metadata = new HashMap<>();
    for (int i = FIXED; i < texts.size(); i += 2) {
      metadata.put(texts.get(i), texts.get(i + 1));
    }
    return new BlobProperties(
        texts.get(4),
        size,
        Long.parseLong(texts.get(3)),
        texts.get(5),
        texts.get(6),
        texts.get(7),
        texts.get(8),
        metadata);
  }

  @Override
  public void close() throws IOException {
    if (files != null) {
      files.close();
    }
  }
}
