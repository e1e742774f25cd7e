package io.azcp.cli;

import io.azcp.config.Environment;
import io.azcp.fs.mount.PathRequests;
import java.io.IOException;

/** A command on paths of a mount, or of its cache folder where nothing is mounted. */
abstract class PathCommand extends Command {
  final MappingOption mapping = new MappingOption(arguments);

  PathCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  final PathRequests requests() throws IOException {
    Environment environment = environment();
    return new PathRequests(
        environment,
        () -> mapping.loadIfAny(environment),
        new AccountServices(environment.variables(), global));
  }
}
