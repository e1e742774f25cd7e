package io.azcp.fs.writeback;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that run due operations, and when a failed one is tried again. */
final class Coordinator implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long LEASE_FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long LEASE_LAST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long CLOSE_MILLIS = 10_000;

  private final Ledger ledger;
  private final UploadStep uploads;
  private final MoveStep moves;
  private final SmallSteps small;
  private final Unasked unasked;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  Coordinator(
      Ledger ledger, Outcomes outcomes, Remote remote, KeptVersions kept, UploadStep uploads) {
    this.ledger = ledger;
    this.uploads = uploads;
    this.moves = new MoveStep(ledger, outcomes, remote, kept);
    this.small = new SmallSteps(ledger, outcomes, remote);
    this.unasked = new Unasked(ledger, remote);
  }

  void start() {
    for (int i = 0; i < ledger.options.coordinators(); i++) {
      Thread t = new Thread(this::work, "azcp-writeback-" + i);
      t.setDaemon(true);
      threads.add(t);
      t.start();
    }
  }

  private void work() {
    while (!closed) {
      Operation operation = next();
      if (operation != null) {
        run(operation);
      }
    }
  }

  private Operation next() {
    ledger.lock.lock();
    try {
      long now = System.nanoTime();
      Operation operation = closed ? null : ledger.queue.take(now);
      if (operation == null && !closed) {
        long next = ledger.queue.nextNanos();
        long wait = next == Long.MAX_VALUE ? IDLE_NANOS : next - now;
        ledger.awaitWork(Math.max(1, Math.min(wait, IDLE_NANOS)));
      } else {
        ledger.wakeForWork();
      }
      return operation;
    } finally {
      ledger.lock.unlock();
    }
  }

  private void run(Operation operation) {
    try {
      UploadStep.Result result = UploadStep.Result.DONE;
      if (operation.kind != Operation.Kind.DELETE) {
        unasked.ask(operation.entry);
      }
      switch (operation.kind) {
        case UPLOAD -> result = uploads.run(operation);
        case MOVE -> moves.run(operation);
        case DELETE -> small.delete(operation);
        case SET_METADATA -> small.setMetadata(operation);
        case PUT_MARKER -> small.putMarker(operation);
      }
      ended(operation, result);
    } catch (IOException e) {
      failed(operation, e);
    } catch (RuntimeException e) {
      LOG.error("{} failed unexpectedly", operation, e);
      failed(operation, new AzcpException(Errno.EIO, operation + " failed: " + e.getMessage(), e));
    }
  }

  private void ended(Operation operation, UploadStep.Result result) {
    ledger.lock.lock();
    try {
      operation.failures = 0;
      operation.refused = false;
      operation.leased = false;
      if (ledger.queue.contains(operation)) {
        again(operation, result);
      }
      ledger.wakeForWork();
      ledger.progress.signalAll();
    } finally {
      ledger.lock.unlock();
    }
  }

  private void again(Operation operation, UploadStep.Result result) {
    StagedFile local = operation.entry.local;
    boolean demanded = local != null && local.demanded();
    long now = System.nanoTime();
    if (local != null) {
      local.waiters.answerOverdue(overdue(operation));
    }
    switch (result) {
      case WRITER -> ledger.queue.giveBack(operation, local != null && local.writable(), now);
      case LEASE -> {
        operation.leaseRefusals++;
        long wait = LEASE_FIRST_NANOS << Math.min(operation.leaseRefusals, 6);
        ledger.queue.giveBack(operation, false, now + Math.min(wait, LEASE_LAST_NANOS));
      }
      default -> {
        boolean parked = local != null && local.writable() && !demanded;
        long when = demanded ? now + LEASE_FIRST_NANOS : ledger.quietUntil();
        ledger.queue.giveBack(operation, parked, when);
      }
    }
  }

  private static AzcpException overdue(Operation operation) {
    return new AzcpException(
        Errno.EIO, operation.name + " could not be uploaded in time; it stays pending");
  }

  private void failed(Operation operation, IOException failure) {
    ledger.lock.lock();
    try {
      if (closed || !ledger.queue.contains(operation)) {
        LOG.debug("{} ended with: {}", operation, failure.getMessage());
        ledger.queue.giveBack(operation, false, System.nanoTime());
        return;
      }
      LOG.warn("{}", failure.getMessage());
      ledger.counters.lastError = failure.getMessage();
      operation.failures++;
      operation.refused = Remote.refusal(failure);
      operation.leased = Remote.leased(failure);
      StagedFile local = operation.entry.local;
      if (local != null && operation.kind == Operation.Kind.UPLOAD) {
        AzcpException told =
            failure instanceof AzcpException a
                ? a
                : new AzcpException(Errno.EIO, failure.getMessage(), failure);
        local.waiters.answerOverdue(told);
        if (operation.refused) {
          local.waiters.answer(local.waiters.now(), told);
        }
      }
      boolean parked = local != null && local.writable() && !local.demanded();
      ledger.queue.giveBack(operation, parked, System.nanoTime() + backOff(operation));
      ledger.wakeForWork();
      ledger.progress.signalAll();
    } finally {
      ledger.lock.unlock();
    }
  }

  private long backOff(Operation operation) {
    long last = ledger.options.lastRetry().toNanos();
    if (operation.refused) {
      return last;
    }
    long first = ledger.options.firstRetry().toNanos();
    int doublings = Math.min(operation.failures - 1, 20);
    return Math.min(last, first << doublings);
  }

  boolean closing() {
    return closed;
  }

  @Override
  public void close() {
    ledger.lock.lock();
    try {
      closed = true;
      ledger.wakeAll();
    } finally {
      ledger.lock.unlock();
    }
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS);
    for (Thread t : threads) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      try {
        t.join(Math.max(1, left));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
