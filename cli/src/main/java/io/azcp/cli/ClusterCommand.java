package io.azcp.cli;

import io.azcp.base.UsageException;
import io.azcp.cluster.BlobStorage;
import io.azcp.cluster.ClusterOptions;
import io.azcp.cluster.ClusterRun;
import io.azcp.cluster.ClusterStorage;
import io.azcp.cluster.DirectoryLanding;
import io.azcp.cluster.NoStorage;
import io.azcp.mpi.Communicator;
import io.azcp.mpi.MpiWorld;
import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.engine.LocalPaths;
import java.io.IOException;
import java.nio.file.Path;

/** Brings the same files to every node of a cluster; a launcher of MPI starts it on each. */
final class ClusterCommand extends Command {
  private final ClusterFlags flags = new ClusterFlags(arguments);

  private final Value<String> source =
      arguments.parameter("SOURCE", "A URL of a directory or blob in the service.");

  private final Value<String> destination =
      arguments.parameter("DESTINATION", "A directory on every node; made where it is missing.");

  ClusterCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("cluster")
        .description(
            "Brings the same files to every node of a cluster: read from the service once, broadcast"
                + " by MPI.",
            "Start one process a node, as: mpirun --map-by node azcp cluster SOURCE DESTINATION");
  }

  @Override
  public Integer call() throws IOException {
    if (!global.report.get().isEmpty()) {
      throw new UsageException("cluster writes no --report; --save-filelist lists its files");
    }
    ClusterOptions options = flags.chosen(invocation, global.folder(invocation));
    ClusterStorage storage = storage(options);
    Path directory = LocalPaths.of(invocation.directory(), destination.get());
    if (BlobUrl.isUrl(destination.get()) || destination.get().isEmpty()) {
      throw new UsageException("the destination is a directory on every node");
    }
    var landing = new DirectoryLanding(LocalPaths.show(directory));
    try (Communicator world = MpiWorld.open(invocation.env(), MpiWorld.PATIENCE, this::complain);
        var console = new ClusterScreen(this, world.rank() == 0 && flags.progress(invocation))) {
      return new ClusterRun(world, options, storage, landing, console).run();
    }
  }

  /** A list of files may leave nothing to fetch: only then the source need not be a URL. */
  private ClusterStorage storage(ClusterOptions options) throws IOException {
    if (options.shardlist() != null && !BlobUrl.isUrl(source.get())) {
      return new NoStorage(source.get());
    }
    BlobUrl place = Location.inContainer(source.get(), invocation, global);
    return new BlobStorage(place, invocation.env(), Services.options(invocation.env(), global));
  }
}
