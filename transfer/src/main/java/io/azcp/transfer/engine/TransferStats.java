package io.azcp.transfer.engine;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a transfer has done. Planned numbers grow while the source is walked; the others count what
 * happened. Thread-safe.
 */
public final class TransferStats {
  final LongAdder plannedFiles = new LongAdder();
  final LongAdder plannedBytes = new LongAdder();
  final LongAdder files = new LongAdder();
  final LongAdder bytes = new LongAdder();
  final LongAdder moved = new LongAdder();
  final LongAdder failed = new LongAdder();
  final LongAdder skipped = new LongAdder();
  final LongAdder directories = new LongAdder();
  final LongAdder keptFiles = new LongAdder();
  final LongAdder keptBytes = new LongAdder();
  private final LatencyHistogram latency = new LatencyHistogram();
  private volatile long started = System.nanoTime();
  private volatile long stopped;

  void start() {
    started = System.nanoTime();
  }

  void stop() {
    stopped = System.nanoTime();
  }

  /** Files found so far. */
  public long plannedFiles() {
    return plannedFiles.sum();
  }

  /** Their bytes. */
  public long plannedBytes() {
    return plannedBytes.sum();
  }

  /** Files whole at their destination. */
  public long files() {
    return files.sum();
  }

  /** Their bytes, as far as this run has moved them. */
  public long bytes() {
    return bytes.sum();
  }

  /** Bytes that have crossed, of unfinished and failed files too. */
  public long movedBytes() {
    return moved.sum();
  }

  /** Files that failed. */
  public long failed() {
    return failed.sum();
  }

  /** Files left alone on purpose. */
  public long skipped() {
    return skipped.sum();
  }

  /** Directories made for directory markers. */
  public long directories() {
    return directories.sum();
  }

  /** Files of which a part is left for a later run to go on with. */
  public long keptFiles() {
    return keptFiles.sum();
  }

  /** The bytes of those parts. */
  public long keptBytes() {
    return keptBytes.sum();
  }

  /** How long the requests for data took (downloads). */
  public LatencyHistogram latency() {
    return latency;
  }

  /** From the start to the end, or to now. */
  public Duration elapsed() {
    long end = stopped == 0 ? System.nanoTime() : stopped;
    return Duration.ofNanos(end - started);
  }
}
