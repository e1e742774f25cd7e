package io.azcp.cache;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Takes the bytes of one run of units: to the data file first, then each finished unit into the
 * map, then the news to who waits. Used by one fetching thread.
 */
final class UnitSink implements RangeSource.Sink {
  private final PartialFile file;
  private final RangeMap map;
  private final int dataFd;
  private final int to;
  private final Room room;
  private final boolean shared;
  private final long end;
  private long position;
  private int unit;
  private long stored;
  private final long length;

  /**
   * A sink for {@code [from, to)}.
   *
   * @param shared whether another process may be writing the same units, so that units it has
   *     finished must be left alone
   */
  UnitSink(
      PartialFile file, RangeMap map, int dataFd, int from, int to, Room room, boolean shared) {
    this.file = file;
    this.map = map;
    this.dataFd = dataFd;
    this.to = to;
    this.room = room;
    this.shared = shared;
    this.position = map.offset(from);
    this.end = map.offset(to);
    this.length = end - position;
    this.unit = from;
  }

  @Override
  public void write(long offset, ByteBuffer data) throws IOException {
    int bytes = data.remaining();
    if (offset != position || bytes > end - position) {
      throw new AzcpException(
          Errno.EIO, "The source sent bytes of " + file.key().name() + " out of order.");
    }
    if (shared && alreadyThere(offset, bytes)) {
      data.position(data.limit());
    } else {
      store(data, offset);
    }
    position += bytes;
    int done = position == end ? to : RangeMap.first(position);
    if (done > unit) {
      map.mark(unit, done);
      stored += map.offset(done) - map.offset(unit);
      int first = unit;
      unit = done;
      file.arrived(first, done);
    }
  }

  private boolean alreadyThere(long offset, int bytes) throws IOException {
    int first = RangeMap.first(offset);
    int behind = map.behind(offset + bytes);
    map.refresh(first, behind);
    return map.present(first, behind);
  }

  /** A full disk is answered by evicting, once. */
  private void store(ByteBuffer data, long offset) throws IOException {
    int start = data.position();
    try {
      Fd.pwriteFully(dataFd, data, offset);
    } catch (AzcpException e) {
      if (e.errno() != Errno.ENOSPC && e.errno() != Errno.EDQUOT) {
        throw e;
      }
      room.diskFull(file.key().name(), length);
      try {
        Fd.pwriteFully(dataFd, data, offset + data.position() - start);
      } catch (AzcpException again) {
        throw room.full(file.key().name(), again);
      }
    }
  }

  boolean complete() {
    return position == end;
  }

  /** Bytes reserved that no unit came of. */
  long bytesNotStored() {
    return length - stored;
  }
}
