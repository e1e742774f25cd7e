package io.azcp.transfer.engine.list;

import io.azcp.base.MemoryBudget;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.ForwardingBlobService;
import io.azcp.transfer.blob.ListQuery;
import io.azcp.transfer.blob.ListVisitor;
import io.azcp.transfer.blob.ListingOrder;
import io.azcp.transfer.blob.MemoryBlobService;
import io.azcp.transfer.blob.PutOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts listings; each takes 100 ms of a clock that nothing else moves. */
class SlowListings extends ForwardingBlobService {
  static final String CONTAINER = "c";

  final AtomicLong clock = new AtomicLong();
  final AtomicInteger listings = new AtomicInteger();
  long delay = 100_000_000;
  long patience = Long.MAX_VALUE / 2;
  MemoryBudget budget = new MemoryBudget(256 << 20, 0);

  SlowListings(BlobService service) {
    super(service);
  }

  static SlowListings holding(ListingOrder order, Iterable<String> names) throws IOException {
    var memory = new MemoryBlobService(order, System::currentTimeMillis);
    memory.createContainer(CONTAINER);
    for (String name : names) {
      memory.put(CONTAINER, name, BodySource.of(new byte[0]), PutOptions.NONE);
    }
    return new SlowListings(memory);
  }

  static SlowListings holding(Iterable<String> names) throws IOException {
    return holding(ListingOrder.FLAT, names);
  }

  static ListQuery query(String prefix, int page) {
    return new ListQuery(prefix, false, "", page, false);
  }

  ListAhead ahead(ListQuery query) {
    return new ListAhead(this, CONTAINER, query, clock::get, patience, budget);
  }

  List<String> listed(ListQuery query) throws IOException {
    List<String> names = new ArrayList<>();
    ahead(query).each((name, blob) -> names.add(name));
    return names;
  }

  @Override
  public String list(String container, ListQuery query, ListVisitor visitor) throws IOException {
    listings.incrementAndGet();
    clock.addAndGet(delay);
    return super.list(container, query, visitor);
  }
}
