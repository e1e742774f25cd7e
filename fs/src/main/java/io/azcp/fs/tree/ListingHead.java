package io.azcp.fs.tree;

import io.azcp.transfer.blob.BlobProperties;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;

/**
 * What the index knows of a directory's listing beside its names.
 *
 * @param generation tells its blocks from those of another listing
 * @param side 0 or 1: a new listing is written beside the old one
 * @param large whether it has too many names to be kept as one
 * @param lasting whether nothing was changed here since it was asked for, so that the next mount
 *     may take it for what the service had
 * @param blocks its blocks
 * @param when when its first page was asked for
 * @param slashMarker of a blob of the directory's name and a slash; null for none
 */
record ListingHead(
    long generation,
    int side,
    boolean large,
    boolean lasting,
    int blocks,
    Moment when,
    BlobProperties slashMarker) {

  /**
   * When something was asked for.
   *
   * @param session the mount's, by whose clocks
   * @param ticketNanos {@link System#nanoTime()}
   * @param askedNanos the same by the clock that times out answers
   * @param millis since the epoch, for other sessions
   */
  record Moment(long session, long ticketNanos, long askedNanos, long millis) {
    static final int BYTES = 4 * Long.BYTES;

    void write(DataOutputStream out) throws IOException {
      out.writeLong(session);
      out.writeLong(ticketNanos);
      out.writeLong(askedNanos);
      out.writeLong(millis);
    }

    static Moment read(DataInputStream in) throws IOException {
      return new Moment(in.readLong(), in.readLong(), in.readLong(), in.readLong());
    }
  }

  ListingHead changed() {
    return new ListingHead(generation, side, large, false, blocks, when, slashMarker);
  }

  void write(DataOutputStream out) throws IOException {
    out.writeLong(generation);
    out.writeByte(side);
    out.writeBoolean(large);
    out.writeBoolean(lasting);
    out.writeInt(blocks);
    when.write(out);
    out.writeBoolean(slashMarker != null);
    if (slashMarker != null) {
      out.write(NameBlock.encode(generation, when, List.of(new ListedItem("/", slashMarker))));
    }
  }

  private static BlobProperties marker(byte[] block) {
    return new NameBlockReader(block).items().get(0).properties();
  }

  static ListingHead read(DataInputStream in) throws IOException {
    return new ListingHead(
        in.readLong(),
        in.readByte(),
        in.readBoolean(),
        in.readBoolean(),
        in.readInt(),
        Moment.read(in),
        in.readBoolean() ? marker(in.readAllBytes()) : null);
  }
}
