package io.azcp.mpi;

import java.nio.ByteBuffer;

/** What every implementation asks of the arguments of a call. */
final class Buffers {
  private Buffers() {}

  static void checkBroadcast(ByteBuffer buffer, int root, Communicator world) {
    checkRoot(root, world);
    if (!buffer.isDirect()) {
      throw new IllegalArgumentException("a broadcast needs a direct buffer");
    }
    if (buffer.isReadOnly() && world.rank() != root) {
      throw new IllegalArgumentException("a broadcast cannot write into a read-only buffer");
    }
  }

  static void checkRoot(int root, Communicator world) {
    if (root < 0 || root >= world.size()) {
      throw new IllegalArgumentException("no rank " + root + " among " + world.size());
    }
  }
}
