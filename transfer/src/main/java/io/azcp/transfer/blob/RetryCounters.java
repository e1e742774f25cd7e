package io.azcp.transfer.blob;

import java.util.concurrent.atomic.LongAdder;

/** How often calls were repeated, by reason. Thread-safe. */
public final class RetryCounters {
  private final LongAdder busy = new LongAdder();
  private final LongAdder throttled = new LongAdder();
  private final LongAdder faulty = new LongAdder();
  private final LongAdder transport = new LongAdder();

  void count(ServiceException refusal) {
    (switch (refusal.status()) {
          case 503 -> busy;
          case 429 -> throttled;
          default -> faulty;
        })
        .increment();
  }

  void countTransport() {
    transport.increment();
  }

  /** Repeated after a 503. */
  public long busy() {
    return busy.sum();
  }

  /** Repeated after a 429. */
  public long throttled() {
    return throttled.sum();
  }

  /** Repeated after another answer that may pass, as a 500. */
  public long faulty() {
    return faulty.sum();
  }

  /** Repeated because no whole answer came. */
  public long transport() {
    return transport.sum();
  }

  /** Repeated for any reason. */
  public long total() {
    return busy() + throttled() + faulty() + transport();
  }

  /** As summaries print it: {@code none}, or {@code 503x3 429x0 5xxx0 transport-err x0}. */
  public String summary() {
    return total() == 0
        ? "none"
        : "503x"
            + busy()
            + " 429x"
            + throttled()
            + " 5xxx"
            + faulty()
            + " transport-err x"
            + transport();
  }
}
