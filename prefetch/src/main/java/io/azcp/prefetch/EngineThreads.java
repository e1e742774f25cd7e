package io.azcp.prefetch;

import io.azcp.cache.FetchThreads;
import io.azcp.transfer.engine.Workers;
import io.azcp.transfer.engine.Workers.Urgency;

/** A cache's fetches run on the engine's workers. */
public final class EngineThreads {
  private EngineThreads() {}

  /** The workers as a cache sees them; they stay their owner's to close. */
  public static FetchThreads of(Workers workers) {
    return (urgent, fetch) -> workers.submit(urgent ? Urgency.URGENT : Urgency.BULK, fetch);
  }
}
