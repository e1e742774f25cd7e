package io.azcp.base;

import java.util.concurrent.TimeUnit;

/**
 * The memory of buffers, outside of the heap. The launcher divides what {@code --memory} or a
 * control group allows the process among the virtual machine itself, its heap, and buffers; this is
 * the last part. Every buffer whose number grows with the connections is reserved here before it is
 * made: who finds nothing left waits until another gives back, and fails after a time rather than
 * let the process run out of memory. Thread-safe.
 */
public final class MemoryBudget {
  /** The least a process can be given: the machine itself takes 64 MiB, one transfer as much. */
  public static final ByteSize MINIMUM = new ByteSize(128 << 20);

  /** Where the launcher tells the bytes of the process; a quarter of them may lie off the heap. */
  private static final String PROPERTY = "azcp.memory";

  /** Of what the process may use: the quarter, less what Java itself holds there. */
  private static final int SHARE = 5;

  /** Without a limit: four times what 64 connections over TLS hold. */
  private static final long UNLIMITED = 256L << 20;

  private static final long POLL_MILLIS = 200;

  private final long total;
  private final long patienceMillis;
  private long used;

  /** Memory that was set aside; closing gives it back, once. */
  public final class Reservation implements AutoCloseable {
    private long bytes;

    private Reservation(long bytes) {
      this.bytes = bytes;
    }

    @Override
    public void close() {
      synchronized (MemoryBudget.this) {
        used -= bytes;
        bytes = 0;
        MemoryBudget.this.notifyAll();
      }
    }
  }

  /**
   * A budget.
   *
   * @param total bytes in all
   * @param patienceMillis how long a reservation is waited for
   */
  public MemoryBudget(long total, long patienceMillis) {
    this.total = total;
    this.patienceMillis = patienceMillis;
  }

  private static final class OfProcess {
    static final MemoryBudget BUDGET =
        new MemoryBudget(
            Long.getLong(PROPERTY, SHARE * UNLIMITED) / SHARE, TimeUnit.MINUTES.toMillis(5));
  }

  /** The budget that all buffers of this process share. */
  public static MemoryBudget ofProcess() {
    return OfProcess.BUDGET;
  }

  /**
   * Reads {@code --memory}.
   *
   * @throws UsageException where it is no size, or too small to work in
   */
  public static ByteSize parse(String text) throws UsageException {
    ByteSize size = ByteSize.parse(text);
    if (size.bytes() < MINIMUM.bytes()) {
      throw new UsageException(
          "--memory " + text + " is too little to work in: give at least " + MINIMUM);
    }
    return size;
  }

  /** Bytes in all. */
  public long total() {
    return total;
  }

  /** Bytes set aside now. */
  public synchronized long used() {
    return used;
  }

  /**
   * Sets memory aside if there is as much left, without waiting. What nobody else uses can always
   * be had: one may exceed the total, none would never end.
   *
   * @return the reservation, or null
   */
  public synchronized Reservation tryReserve(long bytes) {
    if (used > 0 && used + bytes > total) {
      return null;
    }
    used += bytes;
    return new Reservation(bytes);
  }

  /**
   * Sets memory aside for what could also do with less, without waiting. A half of the total is
   * left to others, so that what fills these buffers has some of its own.
   *
   * @return the reservation, or null
   */
  public synchronized Reservation tryReserveMore(long bytes) {
    return used + bytes > total / 2 ? null : tryReserve(bytes);
  }

  /** Sets memory aside for what must go on, be there enough or not. */
  public synchronized Reservation reserveAnyway(long bytes) {
    used += bytes;
    return new Reservation(bytes);
  }

  /**
   * Sets memory aside, waiting for it.
   *
   * @throws AzcpException {@code ENOMEM} where none came free in time, {@code EINTR} where the
   *     thread was interrupted
   */
  public synchronized Reservation reserve(long bytes) throws AzcpException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    Reservation reservation = tryReserve(bytes);
    while (reservation == null) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw exhausted(bytes);
      }
      try {
        wait(Math.min(left, POLL_MILLIS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AzcpException(Errno.EINTR, "interrupted while waiting for memory", e);
      }
      reservation = tryReserve(bytes);
    }
    return reservation;
  }

  /** The failure of who waited in vain. */
  public AzcpException exhausted(long bytes) {
    return new AzcpException(
        Errno.ENOMEM,
        "no memory came free for a buffer of "
            + HumanText.bytes(bytes)
            + " ("
            + HumanText.bytes(total)
            + " are in use); raise --memory or lower --concurrency");
  }
}
