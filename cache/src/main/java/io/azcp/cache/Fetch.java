package io.azcp.cache;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The fetch of some units of a partial file. It may be queued more than once (again when it becomes
 * urgent) but runs once; while a claim of another process stands in its way it is parked, to be
 * queued again when that is gone.
 */
final class Fetch implements Runnable, ClaimWaiter.Parked {
  private final PartialFile file;
  private final int from;
  private final int to;
  private final AtomicBoolean taken = new AtomicBoolean();
  private volatile boolean urgent;
  private volatile boolean overriding;
  private volatile long progressAt;

  Fetch(PartialFile file, int from, int to) {
    this.file = file;
    this.from = from;
    this.to = to;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  boolean urgent() {
    return urgent;
  }

  /** Answers whether it was not before. */
  synchronized boolean becomeUrgent() {
    boolean news = !urgent;
    urgent = true;
    return news;
  }

  /** Whether the claim in its way is to be ignored. */
  boolean overriding() {
    return overriding;
  }

  @Override
  public void run() {
    if (taken.compareAndSet(false, true)) {
      file.carryOut(this);
    }
  }

  /** Starts to wait for another process. */
  void parkedAt(long nanoTime) {
    progressAt = nanoTime;
  }

  @Override
  public boolean poll() {
    return switch (file.look(this)) {
      case PROGRESS -> {
        progressAt = System.nanoTime();
        yield false;
      }
      case NOTHING -> {
        boolean stuck = System.nanoTime() - progressAt > file.overrideAfterNanos();
        if (stuck) {
          overriding = true;
          again();
        }
        yield stuck;
      }
      case FREE -> {
        again();
        yield true;
      }
    };
  }

  private void again() {
    taken.set(false);
    file.queueAgain(this);
  }

  /** What a look at a parked fetch's range finds. */
  enum Look {
    /** The claim is there, and no new bytes are. */
    NOTHING,
    /** The claim is there, and the holder has brought bytes. */
    PROGRESS,
    /** The claim is gone or everything is there. */
    FREE
  }
}
