package io.azcp.cluster;

import io.azcp.base.AzcpException;
import io.azcp.mpi.Communicator;
import io.azcp.mpi.CommunicatorException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Brings the files of rank 0 to the others, so many at a time, and has all ranks vote on what they
 * hold then: names, sizes, versions, options and the program's version.
 */
final class SharedListing {
  /** Bytes sent at once, but for the last file: neither memory nor the number of files counts. */
  private static final int FRAME = 1 << 20;

  private final Communicator world;
  private final Ballot ballot;

  SharedListing(Communicator world, Ballot ballot) {
    this.world = world;
    this.ballot = ballot;
  }

  /** Fills the table of every rank but 0, whose table is full, and finishes it. */
  void share(FileTable table) throws CommunicatorException, Stopped {
    int code = 0;
    if (world.rank() == 0) {
      code = send(table);
    } else {
      code = receive(table);
    }
    ballot.vote(code);
    MessageDigest digest = Ballot.digest("");
    try {
      var out = new DataOutputStream(new DigestOutput(digest));
      for (int i = 0; i < table.count(); i++) {
        table.get(i).write(out);
      }
    } catch (IOException e) {
      code = ballot.complain(Stage.LIST, e);
    }
    ballot.vote(code);
    ballot.agree(Stage.LIST, digest, "the ranks do not hold the same list of files; run it again");
  }

  private int send(FileTable table) throws CommunicatorException {
    int code = 0;
    try {
      table.finish();
      var bytes = new ByteArrayOutputStream(FRAME + (64 << 10));
      var out = new DataOutputStream(bytes);
      for (int i = 0; i < table.count(); i++) {
        table.get(i).write(out);
        if (bytes.size() >= FRAME) {
          broadcast(bytes.toByteArray());
          bytes.reset();
        }
      }
      if (bytes.size() > 0) {
        broadcast(bytes.toByteArray());
      }
    } catch (CommunicatorException e) {
      throw e;
    } catch (IOException e) {
      code = ballot.complain(Stage.LIST, e);
    }
    broadcast(new byte[0]);
    return code;
  }

  private int receive(FileTable table) throws CommunicatorException {
    int code = 0;
    for (byte[] frame = broadcast(null); frame.length > 0; frame = broadcast(null)) {
      try {
        if (code == 0) {
          add(frame, table);
        }
      } catch (IOException e) {
        code = ballot.complain(Stage.LIST, e);
      }
    }
    try {
      table.finish();
    } catch (IOException e) {
      code = ballot.complain(Stage.LIST, e);
    }
    return code;
  }

  private static void add(byte[] frame, FileTable table) throws IOException {
    var in = new DataInputStream(new ByteArrayInputStream(frame));
    while (in.available() > 0) {
      table.add(Entry.read(in));
    }
  }

  /** Brings a text of rank 0 to all. */
  String text(String text) throws CommunicatorException {
    byte[] bytes = world.rank() == 0 ? text.getBytes(StandardCharsets.UTF_8) : null;
    return new String(broadcast(bytes), StandardCharsets.UTF_8);
  }

  private byte[] broadcast(byte[] bytes) throws CommunicatorException {
    try {
      return world.broadcast(bytes, 0);
    } catch (CommunicatorException e) {
      throw e;
    } catch (AzcpException e) {
      throw new CommunicatorException(e.getMessage(), e);
    }
  }

  private static final class DigestOutput extends java.io.OutputStream {
    private final MessageDigest digest;

    DigestOutput(MessageDigest digest) {
      this.digest = digest;
    }

    @Override
    public void write(int b) {
      digest.update((byte) b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      digest.update(bytes, offset, length);
    }
  }
}
