package io.azcp.cli;

import io.azcp.base.UsageException;
import io.azcp.config.Environment;
import io.azcp.config.Mapping;
import io.azcp.config.MappingLoader;
import java.io.IOException;
import java.util.Optional;

/** Which rules a command goes by. */
final class MappingOption extends Flags {
  /** azfuse's default, below the working directory. */
  private static final String DEFAULT_FILE = "aux_data/configs/azfuse.yaml";

  final Value<String> file =
      arguments
          .value(String.class, "--config")
          .label("FILE")
          .says(
              "The rules; otherwise AZFUSE_CLOUD_FUSE_CONFIG_FILE says, or " + DEFAULT_FILE + ".");

  final Value<String> name =
      arguments
          .value(String.class, "-c")
          .label("NAME")
          .says("azfuse's way to name the rules: aux_data/azfuse/NAME.yaml.");

  MappingOption(Arguments arguments) {
    super(arguments);
  }

  /** The file that a name of azfuse's stands for, or a file as it is. */
  static String named(String name) {
    return "aux_data/azfuse/" + name + ".yaml";
  }

  /** The file that was chosen, if one was. */
  private Optional<String> chosen() throws UsageException {
    if (file.get() != null && name.get() != null) {
      throw new UsageException("--config and -c contradict each other");
    }
    return Optional.ofNullable(name.get() == null ? file.get() : named(name.get()));
  }

  /** Whether the command line names the rules. */
  boolean isChosen() throws UsageException {
    return chosen().isPresent();
  }

  /** The rules, which must be there. */
  Mapping load(Environment environment) throws IOException {
    return MappingLoader.load(chosen(), environment);
  }

  /** The rules; empty where none are named and there is no default file. */
  Optional<Mapping> loadIfAny(Environment environment) throws IOException {
    boolean named =
        chosen().isPresent() || environment.azfuse("CLOUD_FUSE_CONFIG_FILE").isPresent();
    if (!named
        && !io.azcp.base.posix.Files.exists(environment.workingDirectory() + "/" + DEFAULT_FILE)) {
      return Optional.empty();
    }
    return Optional.of(load(environment));
  }
}
