package io.azcp.config;

import java.util.List;
import java.util.Optional;

/**
 * Which rule a path belongs to. A path may be given as programs write it (logical), absolute, with
 * {@code ~}, or below a live mount. Rules match whole path components, in order, and the first that
 * matches wins; a path that none matches is a plain local file. Immutable.
 */
public final class MappingPaths {
  private final Environment environment;
  private final List<Tree> trees;

  /**
   * Looks below live mounts first, then at the rules of a configuration.
   *
   * @param mapping rules whose relative {@code local} paths lie below the working directory; empty
   *     where a command has no configuration
   * @param mounts folders where rules are mounted now
   */
  public MappingPaths(Environment environment, Optional<Mapping> mapping, List<Tree> mounts) {
    this.environment = environment;
    this.trees =
        java.util.stream.Stream.concat(
                mounts.stream(),
                mapping.stream().map(m -> new Tree(environment.workingDirectory(), m)))
            .toList();
  }

  /** Where a path given by a user belongs. It need not exist. */
  public Place resolve(String path) {
    String absolute = environment.absolute(path);
    for (Tree tree : trees) {
      Optional<Place> place = match(tree, absolute);
      if (place.isPresent()) {
        return place.get();
      }
    }
    return new Place.Local(absolute);
  }

  /** Where the rule's root is seen: its {@code local} against a folder, as an absolute path. */
  public static String localRoot(MappingRule rule, String folder, Environment environment) {
    return environment.absolute(folder, rule.local());
  }

  private Optional<Place> match(Tree tree, String absolute) {
    for (MappingRule rule : tree.mapping().rules()) {
      Optional<String> relative =
          Paths.below(localRoot(rule, tree.folder(), environment), absolute);
      if (relative.isPresent()) {
        return Optional.of(new Place.Mapped(rule, relative.get(), tree));
      }
    }
    return Optional.empty();
  }

  /**
   * Rules and the folder their relative {@code local} paths lie below.
   *
   * @param folder absolute
   */
  public record Tree(String folder, Mapping mapping) {}

  /** Where a path belongs. */
  public sealed interface Place {
    /**
     * A rule has it.
     *
     * @param rule the first rule that matches
     * @param relative the path below the rule, without slashes around it; empty for its root
     * @param tree the mount or configuration the rule belongs to
     */
    record Mapped(MappingRule rule, String relative, Tree tree) implements Place {
      /** The name of the blob, or of the prefix, that stands for the path. */
      public String blobName() {
        return rule.blobName(relative);
      }
    }

    /**
     * No rule has it: a file like any other.
     *
     * @param path absolute
     */
    record Local(String path) implements Place {}
  }
}
