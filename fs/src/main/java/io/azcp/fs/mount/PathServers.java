package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.UsageException;
import io.azcp.config.Environment;
import io.azcp.config.Mapping;
import io.azcp.config.MappingLoader;
import io.azcp.config.MappingPaths;
import io.azcp.config.MappingPaths.Place;
import io.azcp.config.MappingRule;
import io.azcp.fs.mount.control.LiveMount;
import io.azcp.fs.mount.control.LiveMount.LiveRule;
import io.azcp.fs.mount.control.RuntimeFolder;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Who can answer for a path that a user gave: as programs write it, absolute, or below a running
 * mount. Used by one thread.
 */
final class PathServers {
  private final Environment environment;
  private final PathRequests.Configuration configuration;
  private final List<LiveMount> live;
  private Optional<Mapping> rules;

  /** Looks at the user's running mounts once, now. */
  PathServers(Environment environment, PathRequests.Configuration configuration)
      throws IOException {
    this.environment = environment;
    this.configuration = configuration;
    this.live = RuntimeFolder.of(environment.variables()).live();
  }

  /** Who can answer for a path. */
  sealed interface Server {}

  /** A running daemon, by the path as it is seen there. */
  record ByDaemon(LiveMount mount, String path) implements Server {}

  /** Nobody: the folder itself. */
  record ByFolder(MappingRule rule, String name) implements Server {}

  /** No rule has it. */
  record Unmapped(String path) implements Server {}

  /** All running mounts. */
  List<LiveMount> live() {
    return live;
  }

  /** The rules, loaded when they are first asked for; empty where there is no configuration. */
  Optional<Mapping> rules() throws IOException {
    if (rules == null) {
      rules = configuration.load();
    }
    return rules;
  }

  /** Who answers for a path; a slash at its end is kept. */
  Server of(String path) throws IOException {
    String slash = path.length() > 1 && path.endsWith("/") ? "/" : "";
    String absolute = environment.absolute(path);
    if (!live.isEmpty()) {
      for (String candidate : List.of(absolute, MountPointCheck.real(absolute))) {
        for (LiveMount mount : live) {
          if (serves(mount, candidate)) {
            return new ByDaemon(mount, candidate + slash);
          }
        }
      }
    }
    Optional<Mapping> mapping = rules();
    if (mapping.isEmpty()) {
      return belowAMount(path).<Server>map(d -> d).orElse(new Unmapped(absolute));
    }
    Place place = new MappingPaths(environment, mapping, List.of()).resolve(path);
    if (place instanceof Place.Mapped mapped) {
      return liveRule(mapped.rule())
          .<Server>map(
              l -> new ByDaemon(l.mount(), join(l.rule().root(), mapped.relative()) + slash))
          .orElseGet(() -> new ByFolder(mapped.rule(), mapped.relative() + slash));
    }
    return new Unmapped(absolute);
  }

  private static String join(String root, String relative) {
    return relative.isEmpty() ? root : root + "/" + relative;
  }

  /** A logical path, where only running mounts tell what is logical. */
  private Optional<ByDaemon> belowAMount(String path) {
    for (LiveMount mount : live) {
      for (String place : mount.mountPoints()) {
        String candidate = environment.absolute(place, path);
        if (MountPlan.lies(candidate, place) && serves(mount, candidate)) {
          String slash = path.endsWith("/") ? "/" : "";
          return Optional.of(new ByDaemon(mount, candidate + slash));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean serves(LiveMount mount, String path) {
    return mount.mountPoints().contains(path)
        || mount.rules().stream().anyMatch(r -> MountPlan.lies(path, r.root()))
        || (mount.serves(path)
            && mount.rules().stream().anyMatch(r -> MountPlan.lies(r.root(), path)));
  }

  /** A rule at work in a running mount. */
  record AtWork(LiveMount mount, LiveRule rule) {}

  /** Where a rule is mounted, perhaps elsewhere than at its own place. */
  Optional<AtWork> liveRule(MappingRule rule) {
    for (LiveMount mount : live) {
      for (LiveRule each : mount.rules()) {
        if (same(each, rule)) {
          return Optional.of(new AtWork(mount, each));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean same(LiveRule live, MappingRule rule) {
    return live.cache().equals(rule.cache()) && live.remote().equals(RuleStore.remote(rule));
  }

  /**
   * Where the blobs of a path are; empty for a plain local file.
   *
   * @throws UsageException where it is a directory above the rules of a mount
   */
  Optional<MappedPlace> place(String path) throws IOException {
    Server server = of(path);
    if (server instanceof ByFolder f) {
      return Optional.of(MappedPlace.of(f.rule(), f.name(), ""));
    }
    return server instanceof ByDaemon d ? Optional.of(place(d, path)) : Optional.empty();
  }

  private MappedPlace place(ByDaemon found, String given) throws IOException {
    boolean slash = found.path().endsWith("/");
    String path = slash ? found.path().substring(0, found.path().length() - 1) : found.path();
    for (LiveRule live : found.mount().rules()) {
      if (MountPlan.lies(path, live.root())) {
        String name = MountPlan.relative(path, live.root()) + (slash ? "/" : "");
        return MappedPlace.of(ruleOf(found.mount(), live), name, path);
      }
    }
    throw new UsageException(given + " lies above the rules of a mount; name what lies in one");
  }

  /** The rule as the configuration has it by which the daemon was started. */
  private MappingRule ruleOf(LiveMount mount, LiveRule live) throws IOException {
    Mapping mapping = MappingLoader.load(Optional.of(mount.config()), environment);
    return mapping.rules().stream()
        .filter(rule -> same(live, rule))
        .findFirst()
        .orElseThrow(
            () ->
                new AzcpException(
                    Errno.ENOENT,
                    mount.config()
                        + " has no rule any more for "
                        + live.root()
                        + ", which a running mount serves; mount it anew"));
  }
}
