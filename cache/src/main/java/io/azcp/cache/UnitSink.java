package io.azcp.cache;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Takes the bytes of one run of units: to the data file first, then each finished unit into the
 * map, then the news to who waits. Used by one fetching thread.
 */
final class UnitSink implements RangeSource.Sink {
  private final PartialFile file;
  private final RangeMap map;
  private final int from;
  private final int to;
  private final Room room;
  private final boolean shared;
  private final long end;
  private long position;
  private int unit;
  private long reserved;
  private long stored;

  /**
   * A sink for {@code [from, to)}.
   *
   * @param shared whether another process may be writing the same units, so that units it has
   *     finished must be left alone
   */
  UnitSink(PartialFile file, RangeMap map, int from, int to, Room room, boolean shared) {
    this.file = file;
    this.map = map;
    this.to = to;
    this.room = room;
    this.shared = shared;
    this.position = map.offset(from);
    this.end = map.offset(to);
    this.unit = from;
    this.from = from;
  }

  /** Makes room for the first unit before the service is asked. */
  void reserveFirst() throws IOException {
    reserve(Math.min(from + 1, to));
  }

  /** Counts the units up to one before their bytes are written. */
  private void reserve(int behind) throws IOException {
    long due = map.diskOffset(behind) - map.diskOffset(from) - reserved;
    if (due > 0) {
      file.reserve(due);
      reserved += due;
    }
  }

  /** Ends the reservation: units that did not come whole are not counted. */
  void giveBack() {
    room.giveBack(reserved - stored);
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
      reserve(map.behind(offset + bytes));
      store(data, offset);
    }
    position += bytes;
    int done = position == end ? to : RangeMap.first(position);
    if (done > unit) {
      int first = unit;
      unit = done;
      finished(first, done);
    }
    if (position > map.offset(unit)) {
      file.arrivedWithin(unit, position);
    }
  }

  private void finished(int first, int behind) throws IOException {
    // What another process has brought meanwhile was reserved by that.
    long bytes = Math.min(map.diskOffset(behind) - map.diskOffset(first), reserved - stored);
    room.storing(bytes, () -> map.mark(first, behind));
    stored += bytes;
    file.arrived(first, behind);
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
      file.write(data, offset);
    } catch (AzcpException e) {
      if (e.errno() != Errno.ENOSPC && e.errno() != Errno.EDQUOT) {
        throw e;
      }
      room.diskFull(file.key().name(), RangeMap.UNIT);
      try {
        file.write(data, offset + data.position() - start);
      } catch (AzcpException again) {
        throw room.full(file.key().name(), again);
      }
    }
  }

  boolean complete() {
    return position == end;
  }
}
