package io.azcp.fs.tree;

import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.ForwardingBlobService;
import io.azcp.transfer.blob.ListQuery;
import io.azcp.transfer.blob.ListVisitor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A service whose listings and heads are old when they arrive: between the moment the service
 * answers and the moment the caller gets it, something else happens.
 */
final class LateListings extends ForwardingBlobService {
  private final AtomicBoolean happening = new AtomicBoolean();
  private volatile Meanwhile meanwhile = single -> {};

  /** What happens while an answer is under way. */
  interface Meanwhile {
    /**
     * Happens once for each answer, not for those to requests that it makes itself.
     *
     * @param single whether the answer is about one name or a subtree, and not about a directory
     */
    void happens(boolean single) throws IOException;
  }

  private interface Item {
    void show(ListVisitor visitor) throws IOException;
  }

  LateListings(BlobService service) {
    super(service);
  }

  void whileAnswering(Meanwhile what) {
    meanwhile = what;
  }

  private void happen(boolean single) throws IOException {
    if (happening.compareAndSet(false, true)) {
      try {
        meanwhile.happens(single);
      } finally {
        happening.set(false);
      }
    }
  }

  @Override
  public String list(String container, ListQuery query, ListVisitor visitor) throws IOException {
    List<Item> items = new ArrayList<>();
    String next =
        service()
            .list(
                container,
                query,
                new ListVisitor() {
                  @Override
                  public void blob(String name, BlobProperties properties) {
                    items.add(v -> v.blob(name, properties));
                  }

                  @Override
                  public void prefix(String name) {
                    items.add(v -> v.prefix(name));
                  }
                });
    happen(!query.hierarchical());
    for (Item i : items) {
      i.show(visitor);
    }
    return next;
  }

  @Override
  public BlobProperties head(String container, String name) throws IOException {
    try {
      return service().head(container, name);
    } finally {
      happen(true);
    }
  }
}
