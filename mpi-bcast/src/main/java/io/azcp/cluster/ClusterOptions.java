package io.azcp.cluster;

import io.azcp.base.Rate;
import io.azcp.base.UsageException;
import io.azcp.base.Version;
import io.azcp.transfer.engine.shard.ShardList;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a run is told; the same on every rank, but for paths.
 *
 * @param compare how a rank tells what it has
 * @param filelist the list of an earlier run, read by rank 0; null without
 * @param saveFilelist where rank 0 writes such a list; null for nowhere
 * @param shardlist the files to transfer in place of what the service lists, read by rank 0; null
 *     for a listing
 * @param concurrency requests of a rank under way at once
 * @param blockSize bytes of a request of a large file
 * @param parallelFiles files cut into requests that a rank downloads at once
 * @param chunk bytes of a broadcast
 * @param pipeline broadcasts under way at once
 * @param writers threads that write what was received
 * @param direct whether they go around the page cache
 * @param maxBandwidth what all downloading ranks take together; null for no limit
 * @param downloadRanks how many ranks download; 0 for all
 * @param verify whether the copies of all ranks are compared by MD5
 * @param shardSize bytes of the ranges that large files are divided into; 0 for whole files
 * @param fileShards ranges of the largest file; 0 for {@code shardSize}
 * @param upto how far it goes
 * @param folder where lists too long for memory are kept meanwhile
 */
public record ClusterOptions(
    Compare compare,
    Path filelist,
    Path saveFilelist,
    ShardList shardlist,
    int concurrency,
    long blockSize,
    int parallelFiles,
    int chunk,
    int pipeline,
    int writers,
    boolean direct,
    Rate maxBandwidth,
    int downloadRanks,
    boolean verify,
    long shardSize,
    int fileShards,
    Upto upto,
    Path folder) {
  /** A broadcast beyond this would have to be cut: its length is a C int. */
  public static final int MAX_CHUNK = 1 << 30;

  private static final int MIN_CHUNK = 64 << 10;

  /**
   * Refuses what contradicts itself.
   *
   * @throws UsageException naming the options
   */
  public void check() throws UsageException {
    if (chunk < MIN_CHUNK || chunk > MAX_CHUNK) {
      throw new UsageException("--bcast-chunk must be between 64KiB and 1GiB");
    }
    atLeastOne("--concurrency", concurrency);
    atLeastOne("--parallel-files", parallelFiles);
    atLeastOne("--bcast-pipeline", pipeline);
    atLeastOne("--bcast-writers", writers);
    if (blockSize < 1) {
      throw new UsageException("--block-size must be at least 1 byte");
    }
    if (shardSize < 0 || fileShards < 0) {
      throw new UsageException("--shard-size and --file-shards cannot be negative");
    }
    if (shardSize > 0 && fileShards > 0) {
      throw new UsageException("--shard-size and --file-shards exclude each other");
    }
    if (shardSize % chunk != 0) {
      throw new UsageException(
          "--shard-size " + shardSize + " must be a multiple of --bcast-chunk " + chunk);
    }
    boolean parts = shardSize > 0 || fileShards > 0;
    if (parts && (upto == Upto.DOWNLOAD || upto == Upto.BCAST)) {
      throw new UsageException(
          "--stage "
              + upto.name().toLowerCase(Locale.ROOT)
              + " keeps whole files: leave --shard-size and --file-shards out");
    }
    if ((compare == Compare.FILELIST) != (filelist != null)) {
      throw new UsageException("--compare filelist and --filelist FILE need each other");
    }
  }

  private static void atLeastOne(String option, int value) throws UsageException {
    if (value < 1) {
      throw new UsageException(option + " must be at least 1, not " + value);
    }
  }

  /** What must be the same on every rank, with the version of the program. */
  String fingerprint() {
    return String.join(
        "\n",
        Version.text(),
        compare.name(),
        Boolean.toString(shardlist != null),
        Integer.toString(chunk),
        Integer.toString(pipeline),
        Integer.toString(downloadRanks),
        Boolean.toString(verify),
        Long.toString(shardSize),
        Integer.toString(fileShards),
        upto.name(),
        String.valueOf(maxBandwidth));
  }

  /** How a rank tells what it has at this point of the work. */
  Compare presence() {
    return upto == Upto.BCAST && compare == Compare.NONE ? Compare.SIZE : compare;
  }
}
