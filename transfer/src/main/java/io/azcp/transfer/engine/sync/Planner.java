package io.azcp.transfer.engine.sync;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Merges two sides into a {@link Plan}. A side that turns out not to be sorted is sorted on disk,
 * and the plan made anew: nothing is ever concluded from a name that was missed.
 */
public final class Planner implements Merge.Visitor {
  /** Entries sorted in memory at once: some 15 MiB. */
  private static final int RUN = 100_000;

  /** A place with files. */
  public interface Side {
    /** Its entries from the first on; every call starts anew. */
    EntryStream open() throws IOException;

    /** Whether an entry takes part; asked of an entry that is on this side. */
    boolean takes(Entry entry) throws IOException;
  }

  private final CompareMethod method;
  private final Side source;
  private final Side destination;
  private final Plan plan;

  private Planner(CompareMethod method, Side source, Side destination, Plan plan) {
    this.method = method;
    this.source = source;
    this.destination = destination;
    this.plan = plan;
  }

  /**
   * Scans both sides.
   *
   * @param folder where lists are kept
   */
  public static Plan plan(CompareMethod method, Side source, Side destination, Path folder)
      throws IOException {
    try (EntryStream a = source.open();
        EntryStream b = destination.open()) {
      return merge(method, source, a, destination, b, folder);
    } catch (OutOfOrderException e) {
      try (EntryStream a = sorted(source, folder);
          EntryStream b = sorted(destination, folder)) {
        return merge(method, source, a, destination, b, folder);
      }
    }
  }

  private static EntryStream sorted(Side side, Path folder) throws IOException {
    try (EntryStream stream = side.open()) {
      return ExternalSort.of(stream, folder, RUN);
    }
  }

  private static Plan merge(
      CompareMethod method,
      Side source,
      EntryStream a,
      Side destination,
      EntryStream b,
      Path folder)
      throws IOException {
    Plan plan = Plan.in(folder);
    try {
      Merge.visit(a, b, new Planner(method, source, destination, plan));
      return plan;
    } catch (IOException | RuntimeException e) {
      plan.close();
      throw e;
    }
  }

  @Override
  public void onlySource(Entry entry) throws IOException {
    plan.addFound();
    if (entry.kind() != Entry.Kind.OTHER && source.takes(entry)) {
      plan.moves().add(entry);
    }
  }

  @Override
  public void onlyDestination(Entry entry) throws IOException {
    if (entry.kind() != Entry.Kind.OTHER && destination.takes(entry)) {
      plan.addDestinationFile();
      plan.deletions().add(entry);
    }
  }

  @Override
  public void both(Entry from, Entry to) throws IOException {
    plan.addFound();
    boolean comparable = from.kind() != Entry.Kind.OTHER && to.kind() != Entry.Kind.OTHER;
    if (comparable && source.takes(from)) {
      plan.addDestinationFile();
      compare(from, to);
    }
  }

  private void compare(Entry from, Entry to) throws IOException {
    boolean differ =
        switch (method) {
          case ALWAYS -> true;
          case PRESENCE -> false;
          case SIZE, MD5 -> from.length() != to.length();
          case SIZE_AND_MTIME ->
              from.length() != to.length() || CompareMethod.isNewer(from.modified(), to.modified());
        };
    if (method == CompareMethod.MD5 && from.length() + to.length() > 0) {
      compareMd5(from, to, differ);
    } else {
      conclude(from, differ);
    }
  }

  private void conclude(Entry from, boolean differ) throws IOException {
    if (differ) {
      plan.moves().add(from);
    } else {
      plan.addUnchanged();
    }
  }

  /** At least one of the two is a blob. */
  private void compareMd5(Entry from, Entry to, boolean differ) throws IOException {
    if (from.lacksMd5() || to.lacksMd5()) {
      plan.addWithoutMd5(from.name());
    } else if (differ) {
      plan.moves().add(from);
    } else if (from.blob() != null && to.blob() != null) {
      conclude(from, !from.blob().contentMd5().equals(to.blob().contentMd5()));
    } else {
      plan.suspects().add(from.blob() == null ? from.beside(to.blob()) : from);
    }
  }
}
