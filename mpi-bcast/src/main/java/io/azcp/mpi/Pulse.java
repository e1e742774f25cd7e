package io.azcp.mpi;

import io.azcp.base.posix.Native;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Tells whether another rank is alive: both send each other a word every so often, on a
 * communicator of its own, and the last word is a farewell. An MPI library itself waits for a
 * vanished node without a word, and how long a rank may be busy before it comes to a vote nobody
 * can say.
 *
 * <p>Only time that this process was awake for counts as silence. Not thread-safe.
 */
final class Pulse {
  private static final long ALIVE = 1;
  private static final long FAREWELL = 2;
  private static final long NONE = -1;
  private static final int TAG = 1;

  private final MpiLibrary mpi;
  private final long communicator;
  private final int peer;
  private final long interval;
  private final ByteBuffer in = Native.buffer(Long.BYTES);
  private final ByteBuffer out = Native.buffer(Long.BYTES);
  private long receiving = NONE;
  private long sending = NONE;
  private long lastSent;
  private long lastTurn;
  private long silence;
  private boolean leaving;
  private boolean saidFarewell;
  private boolean peerLeft;

  Pulse(MpiLibrary mpi, long communicator, int peer, Duration interval, long now)
      throws CommunicatorException {
    this.mpi = mpi;
    this.communicator = communicator;
    this.peer = peer;
    this.interval = interval.toNanos();
    this.lastTurn = now;
    this.lastSent = now - interval.toNanos();
    receive();
  }

  int peer() {
    return peer;
  }

  /** Sends and receives what is due. */
  void turn(long now) throws CommunicatorException {
    silence += Math.min(now - lastTurn, interval);
    lastTurn = now;
    if (receiving != NONE && mpi.test(receiving)) {
      receiving = NONE;
      silence = 0;
      if (in.getLong(0) == FAREWELL) {
        peerLeft = true;
      } else {
        receive();
      }
    }
    if (sending != NONE && mpi.test(sending)) {
      sending = NONE;
    }
    if (sending == NONE && !saidFarewell && (leaving || now - lastSent >= interval)) {
      saidFarewell = leaving;
      out.putLong(0, leaving ? FAREWELL : ALIVE);
      sending = mpi.startSend(Native.address(out), Long.BYTES, peer, TAG, communicator);
      lastSent = now;
    }
  }

  /** Says farewell with the next turns. */
  void leave() {
    leaving = true;
  }

  /** Whether both have said farewell and nothing is under way. */
  boolean over() {
    return saidFarewell && peerLeft && sending == NONE;
  }

  /** For how long, in nanoseconds, the peer has said nothing although it should. */
  long silence() {
    return peerLeft ? 0 : silence;
  }

  private void receive() throws CommunicatorException {
    receiving = mpi.startReceive(Native.address(in), Long.BYTES, peer, TAG, communicator);
  }
}
