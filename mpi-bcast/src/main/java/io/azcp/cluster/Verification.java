package io.azcp.cluster;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.mpi.Communicator.Reduction;
import io.azcp.mpi.CommunicatorException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Compares the copies of all ranks with each other and with the MD5 that the service tells, before
 * any of them gets its name.
 */
final class Verification {
  private static final int BUFFER = 4 << 20;
  private static final int WORDS = 2;
  private static final int AT_ONCE = 8192;
  private static final int SHOWN = 10;

  private final FileTable table;
  private final Arrivals arrivals;
  private final long[] digests;
  private final BitSet differing = new BitSet();
  private long againstService;
  private long againstServiceGood;
  private long amongRanks;

  Verification(FileTable table, Arrivals arrivals) {
    this.table = table;
    this.arrivals = arrivals;
    this.digests = new long[Math.multiplyExact(WORDS, table.count())];
  }

  /** Reads all files of this rank, as many at a time as there are processors. */
  void read() throws IOException {
    var next = new AtomicInteger();
    int count = Math.max(1, Math.min(Runtime.getRuntime().availableProcessors(), table.count()));
    Thread[] threads = new Thread[count];
    IOException[] failures = new IOException[count];
    for (int t = 0; t < count; t++) {
      int number = t;
      threads[t] = new Thread(() -> failures[number] = readSome(next), "azcp-verify-" + t);
      threads[t].setDaemon(true);
      threads[t].start();
    }
    for (int t = 0; t < count; t++) {
      try {
        threads[t].join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AzcpException(Errno.EINTR, "interrupted while files were compared", e);
      }
      if (failures[t] != null) {
        throw failures[t];
      }
    }
  }

  private IOException readSome(AtomicInteger next) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    try {
      for (int file = next.getAndIncrement(); file < table.count(); file = next.getAndIncrement()) {
        ByteBuffer digest = ByteBuffer.wrap(md5(arrivals.path(file), buffer));
        digests[WORDS * file] = digest.getLong();
        digests[WORDS * file + 1] = digest.getLong();
      }
      return null;
    } catch (IOException e) {
      return e;
    } catch (RuntimeException e) {
      return new AzcpException(Errno.EIO, "unexpected: " + e, e);
    }
  }

  private static byte[] md5(String path, ByteBuffer buffer) throws IOException {
    MessageDigest md5 = Source.newMd5();
    int fd = Fd.open(path, Fd.O_RDONLY, 0);
    try {
      long size = Files.fstat(fd).size();
      for (long at = 0; at < size; at += buffer.limit()) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), size - at));
        ArrivingFile.read(fd, path, buffer, at);
        buffer.flip();
        md5.update(buffer.duplicate());
      }
    } finally {
      Fd.close(fd);
    }
    return md5.digest();
  }

  /** Compares; every rank says which of its copies are wrong. */
  void compare(Ballot ballot) throws CommunicatorException {
    for (int start = 0; start < table.count(); start += AT_ONCE) {
      int count = Math.min(AT_ONCE, table.count() - start);
      long[] mine = Arrays.copyOfRange(digests, WORDS * start, WORDS * (start + count));
      long[] most = ballot.all(mine, Reduction.MAX);
      long[] least = ballot.all(mine, Reduction.MIN);
      long[] bad = new long[count];
      for (int i = 0; i < count; i++) {
        bad[i] = compare(ballot, start + i, same(most, least, i)) ? 0 : 1;
      }
      long[] anywhere = ballot.all(bad, Reduction.MAX);
      for (int i = 0; i < count; i++) {
        differing.set(start + i, anywhere[i] != 0);
      }
    }
  }

  private static boolean same(long[] most, long[] least, int i) {
    return most[WORDS * i] == least[WORDS * i] && most[WORDS * i + 1] == least[WORDS * i + 1];
  }

  private boolean compare(Ballot ballot, int file, boolean same) {
    Entry entry = table.get(file);
    byte[] found =
        ByteBuffer.allocate(Long.BYTES * WORDS)
            .putLong(digests[WORDS * file])
            .putLong(digests[WORDS * file + 1])
            .array();
    String text = Base64.getEncoder().encodeToString(found);
    boolean right = entry.md5().isEmpty() || entry.md5().equals(text);
    if (!entry.md5().isEmpty()) {
      againstService++;
      againstServiceGood += right ? 1 : 0;
    } else if (same) {
      amongRanks++;
    }
    if (differing.cardinality() < SHOWN && (!right || !same)) {
      ballot.complain(
          entry.name()
              + ": the copy here has MD5 "
              + text
              + (right ? ", others have another" : ", and the service has " + entry.md5()));
    }
    return right && same;
  }

  /** The files whose copies are not all the same, or not what the service has. */
  BitSet differing() {
    return differing;
  }

  /** What rank 0 prints. */
  String summary(double seconds) {
    return String.format(
        Locale.ROOT,
        "[verify] %d files T=%.2fs: %d cross-rank-OK, %d blob-md5-checked (%d pass), %d mismatches",
        table.count(),
        seconds,
        amongRanks,
        againstService,
        againstServiceGood,
        differing.cardinality());
  }
}
