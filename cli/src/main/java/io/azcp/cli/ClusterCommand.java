package io.azcp.cli;

import io.azcp.base.UsageException;
import io.azcp.cluster.AccountStorage;
import io.azcp.cluster.BlobStorage;
import io.azcp.cluster.CacheLanding;
import io.azcp.cluster.ClusterOptions;
import io.azcp.cluster.ClusterRun;
import io.azcp.cluster.ClusterStorage;
import io.azcp.cluster.DirectoryLanding;
import io.azcp.cluster.Landing;
import io.azcp.cluster.NoStorage;
import io.azcp.config.StorageAccount;
import io.azcp.fs.mount.RuleCache;
import io.azcp.mpi.Communicator;
import io.azcp.mpi.MpiWorld;
import io.azcp.transfer.blob.BlobServices;
import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.engine.LocalPaths;
import java.io.IOException;
import java.util.List;

/** Brings the same files to every node of a cluster; a launcher of MPI starts it on each. */
final class ClusterCommand extends PathCommand {
  private final ClusterFlags flags = new ClusterFlags(arguments);

  private final Value<List<String>> places =
      arguments.parameters(
          1,
          "PLACE",
          "A URL of a directory or blob, and a directory on every node, made where it is missing;"
              + " or with --config mapped files and directories, which go into the cache.");

  ClusterCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("cluster")
        .description(
            "Brings the same files to every node of a cluster: read from the service once, broadcast"
                + " by MPI.",
            "Start one process a node: mpirun --map-by node azcp cluster URL DIRECTORY");
  }

  @Override
  public Integer call() throws IOException {
    if (!global.report.get().isEmpty()) {
      throw new UsageException("cluster writes no --report; --save-filelist lists its files");
    }
    boolean cached = mapping.isChosen();
    ClusterOptions options = flags.chosen(invocation, global.folder(invocation), cached);
    return cached ? intoCache(options) : intoDirectory(options);
  }

  private int intoDirectory(ClusterOptions options) throws IOException {
    if (places.get().size() != 2) {
      throw new UsageException(
          "give a URL and a directory, or --config FILE and mapped paths: not "
              + places.get().size()
              + " places");
    }
    String destination = places.get().get(1);
    if (BlobUrl.isUrl(destination) || destination.isEmpty()) {
      throw new UsageException("the destination is a directory on every node");
    }
    String directory = LocalPaths.show(LocalPaths.of(invocation.directory(), destination));
    return run(options, storage(options, places.get().get(0)), new DirectoryLanding(directory));
  }

  /** A list of files may leave nothing to fetch: only then the source need not be a URL. */
  private ClusterStorage storage(ClusterOptions options, String source) throws IOException {
    if (options.shardlist() != null && !BlobUrl.isUrl(source)) {
      return new NoStorage(source);
    }
    BlobUrl place = Location.inContainer(source, invocation, global);
    return new BlobStorage(place, invocation.env(), Services.options(invocation.env(), global));
  }

  private int intoCache(ClusterOptions options) throws IOException {
    var paths = ClusterPaths.of(requests(), places.get());
    StorageAccount account = AccountServices.placed(paths.rule().account(), global);
    var storage =
        new AccountStorage(
            account,
            paths.rule().blobPrefix(),
            paths.roots(),
            invocation.env(),
            Services.options(invocation.env(), global));
    try (RuleCache cache = RuleCache.open(paths.rule(), BlobServices.place(account))) {
      return run(options, storage, new CacheLanding(cache.folder()));
    }
  }

  private int run(ClusterOptions options, ClusterStorage storage, Landing landing)
      throws IOException {
    try (Communicator world = MpiWorld.open(invocation.env(), MpiWorld.PATIENCE, this::complain);
        var console = new ClusterScreen(this, world.rank() == 0 && flags.progress(invocation))) {
      return new ClusterRun(world, options, storage, landing, console).run();
    }
  }
}
