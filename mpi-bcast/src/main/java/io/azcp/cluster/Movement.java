package io.azcp.cluster;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.HumanText;
import io.azcp.mpi.Communicator;
import io.azcp.mpi.Communicator.Reduction;
import io.azcp.mpi.CommunicatorException;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.engine.Workers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/**
 * From room on every disk to the last byte on every rank: preflight, transfer, and once more for
 * what one rank could not get and another may.
 */
final class Movement {
  /** Ranks that try in vain before a shard is given up. */
  private static final int ATTEMPTS = 3;

  private final ClusterRun run;
  private final Communicator world;
  private final ClusterOptions options;
  private final Ballot ballot;
  private final FileTable table;
  private final Access access;
  private final Plan plan;
  private final Arrivals arrivals;
  private final int downloaders;
  private long downloadNanos;

  Movement(
      ClusterRun run,
      FileTable table,
      Access access,
      Plan plan,
      Arrivals arrivals,
      int downloaders) {
    this.run = run;
    this.world = run.world();
    this.options = run.options();
    this.ballot = run.ballot();
    this.table = table;
    this.access = access;
    this.plan = plan;
    this.arrivals = arrivals;
    this.downloaders = downloaders;
  }

  /** Moves all, and tells; ends the run where anything is missing at the end. */
  void run() throws IOException, Stopped {
    tellShares();
    run.begin(Stage.SPACE);
    ballot.together(
        Stage.SPACE,
        () -> {
          arrivals.prepare(mine());
          arrivals.makeEmpty(mine(plan.empty()));
        });
    run.begin(Stage.DOWNLOAD);
    boolean fetches = plan.downloadBytes() > 0;
    if (fetches && options.upto() == Upto.BCAST) {
      refuseDownloads();
    }
    if (fetches && !access.isSettled()) {
      access.settle(Stage.DOWNLOAD);
    }
    BlobService service = fetches ? access.service() : null;
    var source = new Source(service, run.container(), run.prefix(), table);
    pinCut(source, service);
    var workers = new Workers("azcp-io", options.concurrency());
    long took;
    try (var relay = relay()) {
      long began = System.nanoTime();
      transfer(source, workers, relay);
      took = System.nanoTime() - began;
    } finally {
      workers.close();
    }
    tell(took);
  }

  private Relay relay() throws CommunicatorException, Stopped {
    Relay[] made = new Relay[1];
    ballot.together(
        Stage.SPACE,
        () -> {
          try {
            made[0] = new Relay(world, options);
          } catch (OutOfMemoryError e) {
            throw new AzcpException(
                Errno.ENOMEM,
                "no memory for the buffers of broadcasts ("
                    + HumanText.bytes(
                        BroadcastBuffers.bytes(
                            options.pipeline() + options.writers(), options.chunk()))
                    + "): lower --bcast-chunk, --bcast-pipeline or --bcast-writers",
                e);
          }
        });
    return made[0];
  }

  /** What lands here: everything that is wanted, or where nothing is broadcast only this share. */
  private BitSet mine() {
    return mine(plan.wanted());
  }

  private BitSet mine(BitSet files) {
    if (options.upto() != Upto.DOWNLOAD) {
      return files;
    }
    var own = new BitSet();
    for (int shard = plan.firstDownload(); shard < plan.shards().count(); shard++) {
      own.set(plan.shards().file(shard), plan.shards().owner(shard) == world.rank());
    }
    own.and(files);
    return own;
  }

  private void tellShares() {
    if (world.rank() == 0 && downloaders < world.size()) {
      run.console().result(Summary.ranks(downloaders, world.size()));
    }
    long ranges = 0;
    long bytes = 0;
    for (int shard = plan.firstDownload(); shard < plan.shards().count(); shard++) {
      if (plan.shards().owner(shard) == world.rank()) {
        ranges++;
        bytes += plan.shards().length(shard);
      }
    }
    run.console().note(Summary.share(world.rank(), ranges, bytes));
  }

  private void refuseDownloads() throws CommunicatorException, Stopped {
    if (world.rank() == 0) {
      ballot.complain(
          plan.downloadFiles()
              + " files are on no rank, and --stage bcast downloads none; run without --stage");
    }
    ballot.vote(Stage.BROADCAST.code());
  }

  /** Files divided among ranks must be of one version: rank 0 asks where no listing has told it. */
  private void pinCut(Source source, BlobService service) throws IOException, Stopped {
    var versions = new StringBuilder();
    ballot.together(
        Stage.DOWNLOAD,
        () -> {
          if (world.rank() == 0 && service != null) {
            for (int shard = plan.firstDownload(); shard < plan.shards().count(); shard++) {
              int file = plan.shards().file(shard);
              boolean first = plan.shards().offset(shard) == 0;
              if (first && plan.isCut(table.size(file)) && table.get(file).etag().isEmpty()) {
                versions.append(file).append('\t').append(source.version(file)).append('\n');
              }
            }
          }
        });
    byte[] text = versions.toString().getBytes(StandardCharsets.UTF_8);
    String told = new String(world.broadcast(text, 0), StandardCharsets.UTF_8);
    told.lines()
        .map(line -> line.split("\t", 2))
        .forEach(pair -> source.pin(Integer.parseInt(pair[0]), pair[1]));
  }

  private void transfer(Source source, Workers workers, Relay relay) throws IOException, Stopped {
    var parts =
        new Transfer.Parts(
            world, ballot, access, run.console(), table, arrivals, source, workers, relay, options);
    Shards shards = plan.shards();
    int firstDownload = plan.firstDownload();
    int gone = 0;
    for (int attempt = 1; shards.count() > 0; attempt++) {
      Transfer.Lost lost;
      try (var transfer = new Transfer(parts, shards, firstDownload)) {
        transfer.run();
        downloadNanos += transfer.downloadNanos();
        lost = transfer.lost();
      }
      boolean last = attempt == ATTEMPTS || downloaders == 1 || options.upto() == Upto.BCAST;
      BitSet again = last ? new BitSet() : lost.worthAnother();
      gone += lost.shards().cardinality() - again.cardinality();
      shards = shared(shards, again);
      firstDownload = 0;
    }
    if (gone > 0) {
      giveUp(gone);
    }
  }

  private void giveUp(int count) throws CommunicatorException, Stopped {
    if (world.rank() == 0) {
      ballot.complain(
          count
              + (count == 1 ? " part" : " parts")
              + " of the files could not be had; what has come whole was kept: run the same"
              + " command again with --compare size");
    }
    ballot.vote(options.upto() == Upto.BCAST ? Stage.BROADCAST.code() : Stage.DOWNLOAD.code());
  }

  /** What has failed, each with another owner. */
  private Shards shared(Shards before, BitSet failed) {
    var next = new Shards();
    for (int shard = failed.nextSetBit(0); shard >= 0; shard = failed.nextSetBit(shard + 1)) {
      int owner = (before.owner(shard) + 1) % downloaders;
      next.add(before.file(shard), before.offset(shard), before.length(shard), owner);
    }
    return next;
  }

  private void tell(long nanos) throws CommunicatorException {
    long slowest = ballot.reduce(plan.downloadBytes() == 0 ? 0 : downloadNanos, Reduction.MAX);
    long[] retries = ballot.all(access.retries(), Reduction.SUM);
    if (world.rank() != 0) {
      return;
    }
    run.console().progressOver();
    run.console().result(Summary.download(plan.downloadBytes(), slowest));
    String repeated = Summary.retries(retries, downloaders);
    if (!repeated.isEmpty()) {
      run.console().result(repeated);
    }
    if (options.upto() != Upto.DOWNLOAD) {
      boolean cut = plan.shardSize() > 0;
      int files = plan.wanted().cardinality();
      String what = cut ? plan.shards().count() + " shards" : files + " files";
      run.console().result(Summary.broadcast(what, plan.downloadBytes() + plan.peerBytes(), nanos));
    }
  }
}
