package io.azcp.cluster;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * The two ends of the broadcasts of one rank: fills them from files, writes them into files, and
 * counts which shards have arrived whole. Thread-safe.
 */
final class Intake implements Relay.Ends {
  private final Shards shards;
  private final Arrivals arrivals;
  private final Downloads downloads;
  private final Downloads.Failures failures;
  private final LongAdder bytes = new LongAdder();

  // Guarded by this.
  private final Map<Integer, Long> left = new HashMap<>();
  private final BitSet failed = new BitSet();

  /** The ends of a rank that downloads what it owns. */
  Intake(Shards shards, Arrivals arrivals, Downloads downloads, Downloads.Failures failures) {
    this.shards = shards;
    this.arrivals = arrivals;
    this.downloads = downloads;
    this.failures = failures;
  }

  @Override
  public BitSet fill(Chunk chunk, ByteBuffer buffer) {
    var missing = new BitSet();
    for (int i = 0; i < chunk.pieces().size(); i++) {
      Chunk.Piece piece = chunk.pieces().get(i);
      boolean there = !downloads.isFailed(piece.shard());
      if (there) {
        try {
          arrivals.read(shards.file(piece.shard()), Frame.part(buffer, piece), piece.offset());
        } catch (IOException e) {
          downloads.spoil(piece.shard());
          failures.failed(piece.shard(), e);
          there = false;
        }
      }
      missing.set(i, !there);
    }
    return missing;
  }

  @Override
  public void sent(Chunk chunk, ByteBuffer buffer) {
    for (int i = 0; i < chunk.pieces().size(); i++) {
      count(chunk.pieces().get(i), Frame.isFailed(buffer, i));
    }
    bytes.add(chunk.bytes());
  }

  /** At its owner, where nobody else is to have it. */
  void kept(Chunk chunk) {
    for (Chunk.Piece piece : chunk.pieces()) {
      count(piece, downloads.isFailed(piece.shard()));
    }
    bytes.add(chunk.bytes());
  }

  @Override
  public void take(Chunk chunk, ByteBuffer buffer) {
    if (!Frame.isSound(buffer, chunk)) {
      failures.local(
          new AzcpException(
              Errno.EIO,
              "what came from rank "
                  + chunk.owner()
                  + " is not what was sent (CRC32C); look at the network's errors"));
      return;
    }
    for (int i = 0; i < chunk.pieces().size(); i++) {
      Chunk.Piece piece = chunk.pieces().get(i);
      boolean lost = Frame.isFailed(buffer, i);
      try {
        if (!lost && arrivals.isAwaited(shards.file(piece.shard()))) {
          write(piece, Frame.part(buffer, piece));
        }
      } catch (IOException e) {
        failures.local(e);
        return;
      }
      count(piece, lost);
    }
    bytes.add(chunk.bytes());
  }

  @Override
  public void broken(Throwable failure) {
    failures.local(new AzcpException(Errno.EIO, "unexpected: " + failure, failure));
  }

  private void write(Chunk.Piece piece, ByteBuffer part) throws IOException {
    int file = shards.file(piece.shard());
    boolean small = piece.length() == arrivals.size(file) && part.remaining() < Chunks.ALIGNED_FROM;
    if (small) {
      arrivals.whole(file, target -> target.write(part, 0));
    } else {
      boolean aligned = piece.at() % Chunks.ALIGNMENT == 0 && piece.length() >= Chunks.ALIGNED_FROM;
      arrivals.write(file, part, piece.offset(), aligned);
    }
  }

  private void count(Chunk.Piece piece, boolean lost) {
    int shard = piece.shard();
    synchronized (this) {
      if (lost) {
        failed.set(shard);
      }
      long rest = left.getOrDefault(shard, shards.length(shard)) - piece.length();
      if (rest > 0) {
        left.put(shard, rest);
        return;
      }
      left.remove(shard);
      if (failed.get(shard)) {
        return;
      }
    }
    try {
      arrivals.arrived(shards.file(shard), shards.length(shard));
    } catch (IOException e) {
      failures.local(e);
    }
  }

  /** The shards that have not come; the same on every rank once all was sent. */
  synchronized BitSet failed() {
    return (BitSet) failed.clone();
  }

  /** Bytes that were sent or taken. */
  long bytes() {
    return bytes.sum();
  }
}
