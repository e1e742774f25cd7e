package io.azcp.transfer.engine.sync;

import java.io.IOException;

/** Another stream whose order is asserted. A name that comes twice in a row is shown once. */
final class OrderedStream implements EntryStream {
  private final EntryStream stream;
  private String last;

  OrderedStream(EntryStream stream) {
    this.stream = stream;
  }

  /** The next entry; {@link OutOfOrderException} where it belongs before the one before. */
  @Override
  public Entry next() throws IOException {
    while (true) {
      Entry entry = stream.next();
      int order = entry == null || last == null ? 1 : NameOrder.UTF8.compare(entry.name(), last);
      if (order < 0) {
        throw new OutOfOrderException(last, entry.name());
      }
      if (order > 0) {
        last = entry == null ? last : entry.name();
        return entry;
      }
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
