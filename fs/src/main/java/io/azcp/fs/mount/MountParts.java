package io.azcp.fs.mount;

import io.azcp.fs.writeback.Writeback;
import io.azcp.transfer.engine.Workers;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a mount is made of and must close, in the order in which it was opened. Closed in reverse:
 * changes before caches, caches before services, services (whose closing ends requests under way)
 * before the workers that make them.
 */
final class MountParts implements AutoCloseable {
  /** Requests under way at a time, over all rules: as many connections to the service. */
  private static final int WORKERS = 64;

  private final Workers workers = new Workers("azcp-io", WORKERS);
  private final Services services;
  private final Deque<RuleStore> stores = new ArrayDeque<>();
  private final Deque<Writeback> changes = new ArrayDeque<>();

  MountParts(ServiceOpener opener) {
    services = new Services(opener);
  }

  Workers workers() {
    return workers;
  }

  Services services() {
    return services;
  }

  RuleStore add(RuleStore store) {
    stores.push(store);
    return store;
  }

  /** Something that must end before the stores. */
  <T extends Writeback> T add(T writeback) {
    changes.push(writeback);
    return writeback;
  }

  @Override
  public void close() {
    changes.forEach(Writeback::close);
    services.close();
    stores.forEach(RuleStore::close);
    workers.close();
  }
}
