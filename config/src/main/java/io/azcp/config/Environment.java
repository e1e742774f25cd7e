package io.azcp.config;

import java.util.Map;
import java.util.Optional;

/**
 * What surrounds a command: its variables and its working directory. Passed in, so that a test, a
 * daemon started elsewhere and a command all resolve the same way. Immutable.
 *
 * @param variables the environment variables
 * @param workingDirectory absolute
 */
public record Environment(Map<String, String> variables, String workingDirectory) {
  /** Makes the map immutable. */
  public Environment {
    variables = Map.copyOf(variables);
  }

  /** Those of this process. */
  public static Environment ofProcess() {
    return new Environment(System.getenv(), System.getProperty("user.dir"));
  }

  /** A variable's value; one set to the empty text counts as unset. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
  }

  /**
   * One of azfuse's variables, which it reads as {@code QD_NAME} and, where that is not set, as
   * {@code AZFUSE_NAME}.
   */
  public Optional<Variable> azfuse(String name) {
    return named("QD_" + name).or(() -> named("AZFUSE_" + name));
  }

  private Optional<Variable> named(String name) {
    return variable(name).map(value -> new Variable(name, value));
  }

  /**
   * The absolute form of a path: a leading {@code ~} is the home directory, a relative one lies
   * below the working directory; {@code .}, {@code ..} and repeated slashes are taken out without
   * looking at links, as azfuse does.
   */
  public String absolute(String path) {
    return absolute(workingDirectory, path);
  }

  /** The same, with relative paths below another directory. */
  public String absolute(String base, String path) {
    String home = variable("HOME").orElseGet(() -> System.getProperty("user.home"));
    if (path.equals("~")) {
      return Paths.normalize(home);
    }
    if (path.startsWith("~/")) {
      return Paths.normalize(home + path.substring(1));
    }
    return Paths.normalize(path.startsWith("/") ? path : base + "/" + path);
  }

  /**
   * A variable that is set.
   *
   * @param name the name it was found under
   * @param value not empty
   */
  public record Variable(String name, String value) {}
}
