package io.azcp.cli;

import io.azcp.base.ByteSize;
import io.azcp.base.Rate;
import io.azcp.base.UsageException;
import io.azcp.cluster.ClusterOptions;
import io.azcp.cluster.Compare;
import io.azcp.cluster.Upto;
import io.azcp.transfer.engine.LocalPaths;
import io.azcp.transfer.engine.TransferOptions;
import io.azcp.transfer.engine.shard.ShardList;
import java.nio.file.Path;
import java.util.Locale;

/** How a cluster is filled. */
final class ClusterFlags extends Flags {
  private static final String BLOCK = "16MiB";
  private static final String CHUNK = "64MiB";

  private final Value<String> shardList =
      arguments
          .text("--shardlist")
          .label("FILE")
          .says(
              "The blobs listed there in place of a listing, one a line: name, tab, size[, tab, time],"
                  + " as ls --machine-readable prints them; read by rank 0; - is standard input.");

  private final Value<Compare> compare =
      arguments
          .words(Compare.class, new CompareWords(), "--compare")
          .label("WORD")
          .orElse(Compare.NONE)
          .says(
              "What a node has already: none (default), size (a file of that size), filelist (and"
                  + " --filelist has that size and time).");

  private final Value<String> filelist =
      arguments
          .text("--filelist")
          .label("FILE")
          .says("The list that an earlier run wrote with --save-filelist; read by rank 0.");

  private final Value<String> saveFilelist =
      arguments
          .text("--save-filelist")
          .label("FILE")
          .says("Have rank 0 write names, sizes and times, for a later run.");

  private final Value<Integer> concurrency =
      arguments
          .value(Integer.class, "--concurrency")
          .label("N")
          .says("Requests of each rank under way at once at most (default 64).");

  private final Value<String> blockSize =
      arguments
          .text("--block-size")
          .label("SIZE")
          .says("Size of the ranges that large files are requested in (default " + BLOCK + ").");

  private final Value<Integer> parallelFiles =
      arguments
          .value(Integer.class, "--parallel-files")
          .label("N")
          .says("Large files that each rank downloads at once (default 16).");

  private final Value<String> chunk =
      arguments
          .text("--bcast-chunk")
          .label("SIZE")
          .says("Bytes of one broadcast (default " + CHUNK + ", at most 1GiB).");

  private final Value<Integer> pipeline =
      arguments
          .value(Integer.class, "--bcast-pipeline")
          .label("N")
          .orElse(1)
          .says("Broadcasts under way at once (default 1).");

  private final Value<Integer> writers =
      arguments
          .value(Integer.class, "--bcast-writers")
          .label("N")
          .orElse(2)
          .says("Threads of each rank that write what it receives (default 2).");

  private final Value<Boolean> noDirect =
      arguments
          .flag("--no-bcast-direct")
          .says("Write what is received through the page cache, not around it.");

  private final Value<String> maxBandwidth =
      arguments
          .text("--max-bandwidth")
          .label("RATE")
          .says("What all downloading ranks together take at most, as 500MiB/s or 50Gbps.");

  private final Value<Integer> downloadRanks =
      arguments
          .value(Integer.class, "--download-ranks")
          .label("K")
          .says("Only the first K ranks download (default: all).");

  private final Value<Boolean> verify =
      arguments
          .flag("--verify")
          .says(
              "Compare the copies of all ranks, and with the service's MD5 where it has one, before"
                  + " files get their names.");

  private final Value<String> shardSize =
      arguments
          .text("--shard-size")
          .label("SIZE")
          .says(
              "Divide larger files into ranges of that size among the ranks, a multiple of"
                  + " --bcast-chunk (default 0: whole files).");

  private final Value<Integer> fileShards =
      arguments
          .value(Integer.class, "--file-shards")
          .label("N")
          .says("The same by the number of ranges of the largest file.");

  private final Value<Upto> stage =
      arguments.words(Upto.class, new UptoWords(), "--stage").orElse(Upto.ALL).hidden();

  private final Value<Boolean> progress =
      arguments
          .either("--progress")
          .says("Show progress of all ranks on rank 0's terminal, or none.");

  ClusterFlags(Arguments arguments) {
    super(arguments);
  }

  /**
   * What the ranks are told.
   *
   * @param cached whether files go into caches, which tell by themselves what they have
   */
  ClusterOptions chosen(Invocation invocation, Path folder, boolean cached) throws UsageException {
    boolean lists = !filelist.get().isEmpty() || !saveFilelist.get().isEmpty();
    boolean others = !shardList.get().isEmpty() || stage.get() != Upto.ALL;
    if (cached && (lists || others || compare.get() != Compare.NONE)) {
      throw new UsageException(
          "a cache knows what it has: --compare, --filelist, --save-filelist, --shardlist and"
              + " --stage mean nothing with --config");
    }
    int downloading = downloadRanks.get() == null ? 0 : downloadRanks.get();
    int shards = fileShards.get() == null ? 0 : fileShards.get();
    if (fileShards.get() != null && shards < 1) {
      throw new UsageException("--file-shards must be at least 1, not " + shards);
    }
    var options =
        new ClusterOptions(
            cached ? Compare.SIZE : compare.get(),
            path(invocation, filelist),
            path(invocation, saveFilelist),
            shardList(invocation),
            SpeedFlags.positive(
                "--concurrency",
                concurrency.get(),
                invocation,
                "AZCOPY_CONCURRENCY_VALUE",
                TransferOptions.DEFAULT_CONCURRENCY),
            size(blockSize, BLOCK),
            SpeedFlags.positive(
                "--parallel-files",
                parallelFiles.get(),
                invocation,
                "AZCP_PARALLEL_FILES",
                TransferOptions.DEFAULT_PARALLEL_FILES),
            (int) Math.min(Integer.MAX_VALUE, size(chunk, CHUNK)),
            pipeline.get(),
            writers.get(),
            !noDirect.get(),
            maxBandwidth.get().isEmpty() ? null : Rate.parse(maxBandwidth.get()),
            // None is as wrong as too many, and said where the ranks are known.
            downloadRanks.get() != null && downloading == 0 ? -1 : downloading,
            verify.get(),
            size(shardSize, "0"),
            shards,
            stage.get(),
            folder);
    options.check();
    return options;
  }

  private static long size(Value<String> option, String fallback) throws UsageException {
    return ByteSize.parse(option.get().isEmpty() ? fallback : option.get()).bytes();
  }

  private static Path path(Invocation invocation, Value<String> option) {
    return option.get().isEmpty() ? null : LocalPaths.of(invocation.directory(), option.get());
  }

  private ShardList shardList(Invocation invocation) {
    if (shardList.get().isEmpty()) {
      return null;
    }
    boolean stdin = shardList.get().equals(ShardList.STDIN);
    String file =
        stdin ? shardList.get() : LocalPaths.of(invocation.directory(), shardList.get()).toString();
    return new ShardList(file, invocation.in());
  }

  /** Whether progress is shown. */
  boolean progress(Invocation invocation) {
    return progress.get() == null ? invocation.terminal() : progress.get();
  }

  /** Those of {@code --compare}. */
  private static final class CompareWords extends Words<Compare> {
    CompareWords() {
      super(null);
      word("none", Compare.NONE);
      word("size", Compare.SIZE);
      word("filelist", Compare.FILELIST);
    }
  }

  /** Those of {@code --stage}. */
  private static final class UptoWords extends Words<Upto> {
    UptoWords() {
      super(null);
      for (Upto each : Upto.values()) {
        word(each.name().toLowerCase(Locale.ROOT), each);
      }
    }
  }
}
