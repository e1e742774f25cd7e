package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.engine.sync.CompareMethod;
import io.azcp.transfer.engine.sync.DeleteDestination;
import io.azcp.transfer.engine.sync.Entry;
import io.azcp.transfer.engine.sync.EntryFile;
import io.azcp.transfer.engine.sync.EntryStream;
import io.azcp.transfer.engine.sync.Plan;
import io.azcp.transfer.engine.sync.Planner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Makes the files of a destination those of a source: copies what differs, and, where that is
 * wanted, removes what is only at the destination. Both sides are scanned to their ends before
 * anything is done, and nothing is removed unless the scan was complete and every copy worked.
 */
public final class SyncJob extends Job {
  /** Files to be deleted that are named when the user is asked. */
  private static final int NAMED = 10;

  private final SyncOptions sync;
  private final Routing routing;
  private final LongAdder removed = new LongAdder();
  private final LongAdder planned = new LongAdder();
  private final LongAdder unchanged = new LongAdder();
  private volatile boolean refused;

  /** Puts a route together once the job has its workers. */
  @FunctionalInterface
  private interface Routing {
    SyncRoute route(SyncJob job, Schedule schedule, Workers team) throws IOException;
  }

  private SyncJob(
      BlobService service,
      TransferOptions options,
      SyncOptions sync,
      TransferEvents events,
      Routing routing) {
    super(service, options, events);
    this.sync = sync;
    this.routing = routing;
  }

  /**
   * From a directory to below a prefix.
   *
   * @param destination a directory's name, with or without a slash at its end; empty for the
   *     container
   */
  public static SyncJob upload(
      BlobService service,
      TransferOptions options,
      SyncOptions sync,
      TransferEvents events,
      Path source,
      String container,
      String destination) {
    return new SyncJob(
        service,
        options,
        sync,
        events,
        (job, schedule, team) -> {
          var here = LocalTree.source(job, source, sync.folder());
          var there =
              BlobTree.destination(job, service, container, destination, here::hasDirectory);
          return new SyncRoute(
              here,
              there,
              new UploadMover(job, team, container, there.prefix()::concat),
              new BlobRemoval(job, schedule, service, there));
        });
  }

  /** From below a prefix to a directory, which is made where it is missing. */
  public static SyncJob download(
      BlobService service,
      TransferOptions options,
      SyncOptions sync,
      TransferEvents events,
      String container,
      String source,
      Path destination) {
    return new SyncJob(
        service,
        options,
        sync,
        events,
        (job, schedule, team) -> {
          var here = LocalTree.destination(job, destination, sync.folder());
          var there = BlobTree.fileSource(job, service, container, source, here::hasDirectory);
          return new SyncRoute(
              there,
              here,
              DownloadMover.below(job, team, container, there.prefix(), destination),
              new LocalRemoval(job, destination));
        });
  }

  /**
   * From below a prefix to below another, of the same account or not: the service copies.
   *
   * @param to where copies are made; the same object as {@code from} where one credential is for
   *     both
   */
  public static SyncJob copy(
      BlobService from,
      ServerCopyJob.Place source,
      BlobService to,
      ServerCopyJob.Place destination,
      TransferOptions options,
      SyncOptions sync,
      TransferEvents events) {
    return new SyncJob(
        to,
        options,
        sync,
        events,
        (job, schedule, team) -> {
          var here = BlobTree.blobSource(job, from, source.container(), source.name());
          var there =
              BlobTree.destination(
                  job, to, destination.container(), destination.name(), blob -> false);
          here.checkApart(there);
          var mover =
              new CopyMover(
                  job,
                  schedule,
                  team,
                  from,
                  source.container(),
                  here.prefix(),
                  destination.container(),
                  there.prefix()::concat);
          return new SyncRoute(here, there, mover, new BlobRemoval(job, schedule, to, there));
        });
  }

  @Override
  Outcome plan(Schedule schedule, Workers team) throws IOException {
    SyncRoute route = routing.route(this, schedule, team);
    Planner.Side source =
        options.shard().isWhole()
            ? route.source()
            : new ShardedSide(
                route.source(), options.shard().bins(options.workers()), sync.folder());
    try (Plan plan = Planner.plan(method(), source, route.destination(), sync.folder())) {
      route.source().checkFound(plan);
      checkMd5s(plan);
      unchanged.add(plan.unchanged());
      copy(route, schedule, plan.moves(), Entry.Kind.FILE);
      copySuspects(route, schedule, plan.suspects());
      schedule.await();
      remove(route, plan);
      schedule.await();
      // Last, because a directory without files may just have been removed.
      copy(route, schedule, plan.moves(), Entry.Kind.DIRECTORY);
    }
    return Outcome.MANY;
  }

  private CompareMethod method() {
    return options.overwrite() == Overwrite.FALSE ? CompareMethod.PRESENCE : sync.compare();
  }

  private static void checkMd5s(Plan plan) throws AzcpException {
    if (plan.withoutMd5Count() == 0) {
      return;
    }
    long more = plan.withoutMd5Count() - plan.withoutMd5().size();
    throw new AzcpException(
        Errno.ENODATA,
        "cannot compare by MD5: the service knows none of "
            + String.join(", ", plan.withoutMd5())
            + (more > 0 ? " and " + more + " other blobs" : "")
            + "; hint: re-upload these with 'azcp copy --check-md5 …'");
  }

  private void copy(SyncRoute route, Schedule schedule, EntryFile moves, Entry.Kind kind)
      throws IOException {
    try (EntryStream entries = moves.read()) {
      for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
        if (entry.kind() == kind) {
          copy(route, schedule, entry);
        }
      }
    }
  }

  private void copySuspects(SyncRoute route, Schedule schedule, EntryFile suspects)
      throws IOException {
    if (suspects.count() == 0) {
      return;
    }
    LocalTree here =
        route.source() instanceof LocalTree tree ? tree : (LocalTree) route.destination();
    try (var md5s = new LocalMd5s(this, here);
        EntryStream entries = suspects.read()) {
      md5s.compare(
          entries,
          (entry, same) -> {
            if (same) {
              unchanged.increment();
            } else {
              copy(route, schedule, entry);
            }
          });
    }
  }

  private void copy(SyncRoute route, Schedule schedule, Entry entry) throws IOException {
    checkGoing();
    boolean directory = entry.kind() == Entry.Kind.DIRECTORY;
    planned.add(directory ? 0 : 1);
    String name = route.source().shown(entry);
    if (options.dryRun()) {
      if (!directory) {
        planned(name);
      }
      return;
    }
    SourceFile file;
    try {
      file = route.source().file(entry);
    } catch (AzcpException e) {
      fail(name, e);
      return;
    }
    route.mover().move(schedule, file);
  }

  private void remove(SyncRoute route, Plan plan) throws IOException {
    EntryFile deletions = plan.deletions();
    if (sync.deletion() == DeleteDestination.FALSE || deletions.count() == 0) {
      return;
    }
    String reason = reasonAgainst(plan);
    if (!reason.isEmpty()) {
      refused = true;
      warn("nothing was deleted at the destination: " + reason);
      return;
    }
    boolean ask = sync.deletion() == DeleteDestination.PROMPT && !options.dryRun();
    if (ask && !mayDelete(deletions.count(), first(route, deletions))) {
      return;
    }
    // They would keep directories that become empty.
    leftovers.remove();
    try (EntryStream entries = deletions.read()) {
      for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
        checkGoing();
        if (options.dryRun()) {
          plannedDeletion(route.removal().shown(entry));
        } else {
          route.removal().remove(entry);
        }
      }
    }
    route.removal().finish();
  }

  private String reasonAgainst(Plan plan) {
    long count = plan.deletions().count();
    if (stats.failed() > 0) {
      return stats.failed() + " file(s) could not be read or copied; run it again";
    }
    if (plan.sourceIsEmpty() && !sync.maxDelete().isGiven()) {
      return "the source is empty; if it is meant to be, say so with --max-delete 100%";
    }
    if (!sync.maxDelete().allows(count, plan.destinationFiles())) {
      return count
          + " of its "
          + plan.destinationFiles()
          + " files are not in the source, and --max-delete allows "
          + sync.maxDelete().text();
    }
    return "";
  }

  private static List<String> first(SyncRoute route, EntryFile deletions) throws IOException {
    List<String> names = new ArrayList<>();
    try (EntryStream entries = deletions.read()) {
      Entry entry = entries.next();
      while (entry != null && names.size() < NAMED) {
        names.add(route.removal().shown(entry));
        entry = entries.next();
      }
    }
    return names;
  }

  /** Counts a file that is gone from the destination. */
  void removed(Entry entry, String name) {
    removed.increment();
    deleted(name, entry.length());
  }

  /** What is done so far. */
  public SyncResult result() {
    long gone = removed.sum();
    return new SyncResult(planned.sum(), stats.files() - gone, unchanged.sum(), gone, refused);
  }
}
