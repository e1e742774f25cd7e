package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.NameEncoding;
import io.azcp.transfer.blob.PutOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Uploads a stream whose length nobody knows, as standard input, to one blob. Blocks are sent in
 * parallel while the next are read. A blob has {@value BlockPlan#MAX_BLOCKS} blocks at most, so
 * their size doubles every {@value #BLOCKS_OF_A_SIZE}: from 4 MiB on that makes 1.2 TiB.
 */
public final class StreamUpload extends Job {
  private static final int BLOCKS_OF_A_SIZE = 10_000;

  private final ReadableByteChannel source;
  private final String container;
  private final String blob;

  /**
   * An upload.
   *
   * @param source read to its end by one thread, and not closed
   */
  public StreamUpload(
      BlobService service,
      TransferOptions options,
      TransferEvents events,
      ReadableByteChannel source,
      String container,
      String blob) {
    super(service, options, events);
    this.source = source;
    this.container = container;
    this.blob = blob;
  }

  @Override
  Outcome plan(Schedule schedule, Workers team) throws IOException {
    NameEncoding.check(blob);
    stats.plannedFiles.increment();
    attempt(blob, () -> upload(team));
    return new Outcome(BlobPages.lastPart(blob));
  }

  private void upload(Workers team) throws IOException {
    Conditions conditions = conditions();
    if (conditions == null) {
      skip(blob, 0);
      return;
    }
    if (options.dryRun()) {
      planned(blob);
      return;
    }
    PutOptions put = new UploadAttributes(options).ofStream(blob, conditions);
    ContentMd5 md5 = options.putMd5() ? new ContentMd5() : null;
    int size = StreamBuffers.blockSize(options);
    ByteBuffer first = ByteBuffer.allocateDirect(size);
    read(first, md5);
    if (first.hasRemaining()) {
      service.put(container, blob, body(first.flip()), withMd5(put, md5));
      stats.moved.add(first.limit());
    } else {
      service.putBlockList(container, blob, putBlocks(team, first.flip(), md5), withMd5(put, md5));
    }
    done(blob, stats.movedBytes());
  }

  private static PutOptions withMd5(PutOptions put, ContentMd5 md5) {
    return md5 == null ? put : put.withMd5(md5.base64());
  }

  /** When the service must refuse the blob; null where what is there stays. */
  private Conditions conditions() throws IOException {
    if (options.overwrite() == Overwrite.TRUE || options.overwrite() == Overwrite.IF_SOURCE_NEWER) {
      // What comes out of a stream is as new as it can be.
      return Conditions.NONE;
    }
    BlobProperties there = BlobPages.headOrNull(service, container, blob);
    if (there == null) {
      return Conditions.ABSENT;
    }
    boolean replaced =
        options.overwrite() == Overwrite.PROMPT && (options.dryRun() || mayReplace(blob));
    return replaced ? Conditions.match(there.etag()) : null;
  }

  /** Sends the first block and all that follow; answers their ids. */
  private List<String> putBlocks(Workers team, ByteBuffer first, ContentMd5 md5)
      throws IOException {
    var ids = BlockIds.random();
    List<String> sent = new ArrayList<>();
    ByteBuffer next = first;
    while (next != null) {
      next = putBlocksOfASize(team, next, md5, ids, sent);
    }
    return sent;
  }

  /** Answers the first block that is larger; null at the end. */
  private ByteBuffer putBlocksOfASize(
      Workers team, ByteBuffer first, ContentMd5 md5, BlockIds ids, List<String> sent)
      throws IOException {
    try (var buffers = new StreamBuffers(first.capacity(), options.concurrency());
        var group = new UnitGroup(team, buffers.count())) {
      ByteBuffer block = first;
      for (int i = 0; i < BLOCKS_OF_A_SIZE && block.hasRemaining(); i++) {
        send(group, buffers, block, ids.id(sent.size()));
        sent.add(ids.id(sent.size()));
        block = buffers.take(group);
        read(block, md5);
        block.flip();
      }
      if (!block.hasRemaining()) {
        group.await();
        return null;
      }
      checkRoom(sent.size());
      group.await();
      return larger(block, md5);
    }
  }

  private void send(UnitGroup group, StreamBuffers buffers, ByteBuffer block, String id)
      throws IOException {
    group.submit(
        () -> {
          checkGoing();
          service.putBlock(container, blob, id, body(block));
          stats.moved.add(block.limit());
          buffers.give(block);
        });
  }

  /** A buffer of twice the size that begins with what a block holds. */
  private ByteBuffer larger(ByteBuffer block, ContentMd5 md5) throws IOException {
    ByteBuffer larger = ByteBuffer.allocateDirect(StreamBuffers.larger(block.capacity()));
    larger.put(block);
    read(larger, md5);
    return larger.flip();
  }

  private void checkRoom(int blocks) throws AzcpException {
    if (blocks >= BlockPlan.MAX_BLOCKS) {
      throw new AzcpException(
          Errno.EFBIG,
          blob + ": the input is longer than 50,000 blocks; begin with larger ones (--block-size)");
    }
  }

  /** Fills the buffer, or less where the stream ends. */
  private void read(ByteBuffer into, ContentMd5 md5) throws IOException {
    int start = into.position();
    while (into.hasRemaining()) {
      checkGoing();
      int n;
      try {
        n = source.read(into);
      } catch (IOException e) {
        throw new AzcpException(Errno.EIO, blob + ": cannot read the input: " + e.getMessage(), e);
      }
      if (n < 0) {
        break;
      }
    }
    int bytes = into.position() - start;
    stats.plannedBytes.add(bytes);
    if (md5 != null) {
      md5.add(into.slice(start, bytes));
    }
  }

  /** What lies before the buffer's limit, readable again and again. */
  private static BodySource body(ByteBuffer block) {
    return new BodySource() {
      @Override
      public long length() {
        return block.limit();
      }

      @Override
      public int read(long position, ByteBuffer into) {
        int n = (int) Math.min(into.remaining(), block.limit() - position);
        into.put(block.slice((int) position, n));
        return n;
      }
    };
  }
}
