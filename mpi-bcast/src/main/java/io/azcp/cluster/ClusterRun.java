package io.azcp.cluster;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.Rate;
import io.azcp.mpi.Communicator;
import io.azcp.mpi.Communicator.Reduction;
import io.azcp.mpi.CommunicatorException;
import io.azcp.transfer.limit.RequestLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;

/**
 * One run on one rank: list, compare, download and broadcast, verify, name. Every stage ends with a
 * vote, and all ranks leave with the same code. Used by the thread that may call the communicator.
 */
public final class ClusterRun {
  private static final int DONE = 0;

  /** The files are all there, but not the list of them, or the ranks did not part in peace. */
  private static final int FAILED = 1;

  private final Communicator world;
  private final ClusterOptions options;
  private final ClusterStorage storage;
  private final Landing landing;
  private final ClusterConsole console;
  private final Ballot ballot;
  private final long start = System.nanoTime();
  private Stage stage = Stage.START;
  private String prefix;

  /** A run; nothing has happened yet. */
  public ClusterRun(
      Communicator world,
      ClusterOptions options,
      ClusterStorage storage,
      Landing landing,
      ClusterConsole console) {
    this.world = world;
    this.options = options;
    this.storage = storage;
    this.landing = landing;
    this.console = console;
    this.ballot = new Ballot(world, console);
  }

  /** Runs it, and answers the exit code. */
  public int run() {
    try (landing) {
      return stages();
    } catch (Stopped e) {
      return e.code();
    } catch (CommunicatorException e) {
      console.complain(e.getMessage());
      world.abort(stage.code());
      return stage.code();
    } catch (IOException | RuntimeException e) {
      int code = ballot.complain(stage, e);
      world.abort(code);
      return code;
    } finally {
      console.progressOver();
    }
  }

  private void enter(Stage next) {
    stage = next;
    ballot.stage(next);
  }

  private int stages() throws IOException, Stopped {
    greet();
    if (options.upto() == Upto.INIT) {
      return DONE;
    }
    try (var table = new FileTable(options.folder());
        var access = new Access(world, ballot, storage, console, limits())) {
      return stages(table, access);
    }
  }

  private int stages(FileTable table, Access access) throws IOException, Stopped {
    list(table, access);
    if (options.upto() == Upto.LIST) {
      return DONE;
    }
    enter(Stage.SPACE);
    ballot.together(Stage.SPACE, landing::open);
    long began = System.nanoTime();
    Holdings holdings = compare(table);
    int downloaders = downloaders();
    Plan plan = Plan.of(table, holdings, options, downloaders);
    if (world.rank() == 0) {
      console.result(
          Summary.diff(
              plan.peerFiles(),
              plan.downloadFiles(),
              holdings.countEverywhere(),
              System.nanoTime() - began));
    }
    try (var arrivals = new Arrivals(table, landing, holdings, options.direct())) {
      var movement = new Movement(this, table, access, plan, arrivals, downloaders);
      return finish(table, arrivals, movement);
    }
  }

  private int finish(FileTable table, Arrivals arrivals, Movement movement)
      throws IOException, Stopped {
    Stopped stopped = null;
    try {
      movement.run();
    } catch (Stopped e) {
      // What has come whole stays, so that the next run need not fetch it again.
      stopped = e;
    }
    BitSet good = arrivals.whole();
    arrivals.close();
    boolean all = options.upto() == Upto.ALL || options.upto() == Upto.BCAST;
    BitSet differing = new BitSet();
    if (stopped == null && options.verify() && all) {
      differing = verify(table, arrivals);
      good.andNot(differing);
    }
    publish(table, good);
    if (stopped != null) {
      throw stopped;
    }
    ballot.vote(differing.isEmpty() ? DONE : Stage.VERIFY.code());
    return all ? conclude(table) : DONE;
  }

  // ---- the start

  private void greet() throws CommunicatorException, Stopped {
    enter(Stage.START);
    console.note(
        "hello rank "
            + world.rank()
            + "/"
            + world.size()
            + " from "
            + world.hostName(world.rank()));
    int code = DONE;
    if (world.ranksOnThisNode() > 1) {
      ballot.complain(
          world.ranksOnThisNode()
              + " ranks run on this node, and one is needed: start one process a node (mpirun"
              + " --map-by node, srun --ntasks-per-node=1)");
      code = Stage.START.code();
    }
    ballot.vote(code);
    ballot.agree(
        Stage.START,
        Ballot.digest(options.fingerprint()),
        "the ranks were not given the same options, or are not of the same version of azcp");
    int wanted = options.downloadRanks();
    if (wanted < 0 || wanted > world.size()) {
      if (world.rank() == 0) {
        ballot.complain(
            "--download-ranks " + wanted + " must be between 1 and the " + world.size() + " ranks");
      }
      ballot.vote(Stage.VERIFY.code());
    }
  }

  int downloaders() {
    return options.downloadRanks() == 0 ? world.size() : options.downloadRanks();
  }

  /** The share of the bandwidth that a downloading rank has. */
  private RequestLimits limits() {
    Rate all = options.maxBandwidth();
    Rate mine = all == null ? null : new Rate(Math.max(1, all.bytesPerSecond() / downloaders()));
    return RequestLimits.of(options.concurrency(), mine, 0);
  }

  // ---- what there is

  private void list(FileTable table, Access access) throws IOException, Stopped {
    enter(Stage.LIST);
    long began = System.nanoTime();
    if (options.shardlist() == null) {
      access.settle(Stage.LIST);
    }
    var listing = new Lister(table, access);
    ballot.together(Stage.LIST, listing);
    var shared = new SharedListing(world, ballot);
    shared.share(table);
    prefix = shared.text(world.rank() == 0 ? listing.prefix : "");
    if (world.rank() == 0) {
      console.result(Summary.list(table.count(), table.bytes(), System.nanoTime() - began));
      if (!listing.leftOut.isEmpty()) {
        console.note(listing.leftOut);
      }
    }
  }

  /** What rank 0 does to list the source. */
  private final class Lister implements Ballot.Work {
    private final FileTable table;
    private final Access access;
    private String prefix = "";
    private String leftOut = "";

    Lister(FileTable table, Access access) {
      this.table = table;
      this.access = access;
    }

    @Override
    public void run() throws IOException {
      if (world.rank() != 0) {
        return;
      }
      String name = storage.name();
      Path known = options.filelist();
      KnownFiles before =
          known == null ? KnownFiles.NONE : KnownFiles.of(known.toString(), Listing.prefix(name));
      var listing = new Listing(storage, before, table);
      if (options.shardlist() != null) {
        listing.take(options.shardlist());
      } else {
        listing.list(access.service());
      }
      prefix = listing.prefix();
      leftOut = listing.leftOut();
    }
  }

  private Holdings compare(FileTable table) throws IOException, Stopped {
    enter(Stage.DIFF);
    var here = new BitSet(table.count());
    if (options.presence() != Compare.NONE) {
      ballot.together(
          Stage.DIFF,
          () -> {
            for (int file = 0; file < table.count(); file++) {
              here.set(file, landing.isPresent(table.get(file), options.presence()));
            }
          });
    }
    return Holdings.of(ballot, world.rank(), table.count(), here);
  }

  // ---- the end

  private BitSet verify(FileTable table, Arrivals arrivals) throws IOException, Stopped {
    enter(Stage.VERIFY);
    long began = System.nanoTime();
    var verification = new Verification(table, arrivals);
    ballot.together(Stage.VERIFY, verification::read);
    verification.compare(ballot);
    if (world.rank() == 0) {
      console.result(verification.summary((System.nanoTime() - began) / 1e9));
    }
    return verification.differing();
  }

  /** Gives names to what is whole. */
  private void publish(FileTable table, BitSet good) throws IOException, Stopped {
    enter(Stage.SPACE);
    ballot.together(
        Stage.SPACE,
        () -> {
          for (int file = good.nextSetBit(0); file >= 0; file = good.nextSetBit(file + 1)) {
            publish(file, table.get(file));
          }
        });
  }

  private void publish(int file, Entry entry) throws IOException {
    try {
      landing.publish(file, entry);
    } catch (IOException e) {
      throw new AzcpException(
          AzcpException.errnoOf(e) == Errno.EIO ? Errno.EIO : AzcpException.errnoOf(e),
          "cannot give " + entry.name() + " its name: " + e.getMessage(),
          e);
    }
  }

  private int conclude(FileTable table) throws CommunicatorException {
    // All files have their names: what fails now is neither room nor a file.
    world.stage("leaving", FAILED);
    long began = System.nanoTime();
    int code = DONE;
    Path list = options.saveFilelist();
    if (world.rank() == 0) {
      try {
        if (list != null) {
          Filelist.write(list, prefix, table);
        }
        console.result(
            Summary.filelist(list == null ? -1 : table.count(), System.nanoTime() - began));
        console.result(Summary.total(System.nanoTime() - start));
      } catch (IOException e) {
        ballot.complain(Stage.SPACE, e);
        code = FAILED;
      }
    }
    return (int) ballot.reduce(code, Reduction.MAX);
  }

  // ---- for the movement

  Communicator world() {
    return world;
  }

  ClusterOptions options() {
    return options;
  }

  ClusterConsole console() {
    return console;
  }

  Ballot ballot() {
    return ballot;
  }

  String container() {
    return storage.container();
  }

  String prefix() {
    return prefix;
  }

  void begin(Stage next) {
    enter(next);
  }
}
