package io.azcp.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.azcp.base.AzcpException;
import io.azcp.mpi.Communicator;
import io.azcp.mpi.Communicator.Reduction;
import io.azcp.mpi.CommunicatorException;
import io.azcp.transfer.engine.Workers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Downloads and broadcasts, one beside the other: the ranks meet, each tells how many of its chunks
 * are ready, and what is ready is broadcast, the owners in turn. So nobody waits for a slow
 * download that others could overtake; a rank that can go on no more, or is dead, is noticed by the
 * next meeting; and every rank knows the order without being told.
 */
final class Transfer implements AutoCloseable {
  /** Chunks broadcast between two meetings at most. */
  private static final int BATCH = 32;

  private static final long LAST_PAUSE_MILLIS = 50;

  // Places in what ranks tell each other, before one for each rank's bytes and ready chunks.
  private static final int CODE = 0;
  private static final int OUTDATED = 1;
  private static final int RANKS = 2;

  private final Communicator world;
  private final Ballot ballot;
  private final Access access;
  private final ClusterConsole console;
  private final Shards shards;
  private final Downloads downloads;
  private final Intake intake;
  private final Trouble trouble;
  private final Relay relay;
  private final boolean broadcasts;
  private final Chunks[] owners;
  private final long[] totals;
  private final long[] sent;
  private long toDownload;
  private long toSend;
  private boolean finished;

  /** What a transfer is made of. */
  record Parts(
      Communicator world,
      Ballot ballot,
      Access access,
      ClusterConsole console,
      FileTable table,
      Arrivals arrivals,
      Source source,
      Workers workers,
      Relay relay,
      ClusterOptions options) {}

  /**
   * Begins to download.
   *
   * @param firstDownload the number of the first shard that is to be had from the service
   */
  Transfer(Parts parts, Shards shards, int firstDownload) {
    this.world = parts.world();
    this.ballot = parts.ballot();
    this.access = parts.access();
    this.console = parts.console();
    this.relay = parts.relay();
    this.shards = shards;
    this.broadcasts = parts.options().upto() != Upto.DOWNLOAD;
    this.trouble = new Trouble(ballot, parts.table(), shards);
    int ranks = world.size();
    this.owners = new Chunks[ranks];
    this.totals = new long[ranks];
    this.sent = new long[ranks];
    int[][] own = shards.byOwner(ranks);
    int size = parts.options().chunk();
    for (int r = 0; r < ranks; r++) {
      owners[r] = new Chunks(shards, r, own[r], size);
      totals[r] = Chunks.count(shards, own[r], size);
    }
    for (int i = 0; i < shards.count(); i++) {
      toSend += shards.length(i);
      toDownload += i >= firstDownload ? shards.length(i) : 0;
    }
    this.downloads =
        new Downloads(
            shards,
            firstDownload,
            new Chunks(shards, world.rank(), own[world.rank()], size),
            parts.source(),
            parts.arrivals(),
            parts.workers(),
            parts.options(),
            trouble);
    this.intake = new Intake(shards, parts.arrivals(), downloads, trouble);
  }

  /** Goes on until all is sent; ends the run where a rank cannot go on. */
  void run() throws CommunicatorException, Stopped {
    long pause = 1;
    while (!isOver()) {
      long[] all = meet();
      if (all[CODE] != 0) {
        throw new Stopped((int) all[CODE]);
      }
      if (all[OUTDATED] != 0) {
        access.renew();
      }
      List<Chunk> batch = batch(all);
      if (batch.isEmpty()) {
        downloads.awaitMore(downloads.ready(), pause);
        pause = Math.min(2 * pause, LAST_PAUSE_MILLIS);
      } else {
        pause = 1;
        pass(batch);
      }
    }
    drain();
    finished = true;
  }

  private boolean isOver() {
    for (int r = 0; r < totals.length; r++) {
      if (sent[r] < totals[r]) {
        return false;
      }
    }
    return true;
  }

  private long[] meet() throws CommunicatorException {
    int ranks = world.size();
    long[] mine = new long[RANKS + 2 * ranks];
    mine[CODE] = trouble.code();
    mine[OUTDATED] = access.isOutdated() ? 1 : 0;
    mine[RANKS + world.rank()] = downloads.bytes();
    mine[RANKS + ranks + world.rank()] = downloads.ready();
    long[] all = ballot.all(mine, Reduction.MAX);
    if (world.rank() == 0) {
      long bytes = 0;
      for (int r = 0; r < ranks; r++) {
        bytes += all[RANKS + r];
      }
      console.progress(bytes, toDownload, intake.bytes(), broadcasts ? toSend : 0);
    }
    return all;
  }

  /** What is ready, the owners in turn. */
  private List<Chunk> batch(long... all) {
    int ranks = world.size();
    List<Chunk> batch = new ArrayList<>();
    int before = -1;
    while (batch.size() < BATCH && batch.size() > before) {
      before = batch.size();
      for (int r = 0; r < ranks && batch.size() < BATCH; r++) {
        if (sent[r] < all[RANKS + ranks + r]) {
          batch.add(owners[r].next());
          sent[r]++;
        }
      }
    }
    return batch;
  }

  private void pass(List<Chunk> batch) throws CommunicatorException {
    if (world.size() > 1 && broadcasts) {
      relay.send(batch, intake);
      return;
    }
    // Each keeps what it has.
    for (Chunk chunk : batch) {
      if (chunk.owner() == world.rank()) {
        intake.kept(chunk);
      }
    }
  }

  private void drain() throws CommunicatorException, Stopped {
    try {
      relay.drain();
    } catch (IOException e) {
      trouble.local(e);
    }
    ballot.vote(trouble.code());
  }

  /** The shards that have failed on any rank. */
  record Lost(BitSet shards, BitSet worthAnother) {}

  /** What has failed; called by all ranks after the run, and the same on all. */
  Lost lost() throws CommunicatorException {
    BitSet failed = intake.failed();
    var mine = new ByteArrayOutputStream();
    for (int shard = failed.nextSetBit(0); shard >= 0; shard = failed.nextSetBit(shard + 1)) {
      if (shards.owner(shard) == world.rank()) {
        byte[] line = (shard + (trouble.isHopeless(shard) ? "-" : "+") + "\n").getBytes(US_ASCII);
        mine.write(line, 0, line.length);
      }
    }
    var lost = new Lost(new BitSet(), new BitSet());
    for (byte[] one : gather(mine.toByteArray())) {
      new String(one, US_ASCII)
          .lines()
          .forEach(
              line -> {
                int shard = Integer.parseInt(line.substring(0, line.length() - 1));
                lost.shards().set(shard);
                lost.worthAnother().set(shard, line.endsWith("+"));
              });
    }
    return lost;
  }

  private List<byte[]> gather(byte[] mine) throws CommunicatorException {
    try {
      return world.allgather(mine);
    } catch (CommunicatorException e) {
      throw e;
    } catch (AzcpException e) {
      throw new CommunicatorException(e.getMessage(), e);
    }
  }

  /** How long this rank's downloads took. */
  long downloadNanos() {
    return downloads.nanos();
  }

  /** Bytes this rank got from the service. */
  long downloadedBytes() {
    return downloads.bytes();
  }

  /** Waits for requests under way; after a failure they are cut off, for nobody wants them. */
  @Override
  public void close() {
    if (!finished) {
      access.close();
    }
    downloads.close();
  }
}
