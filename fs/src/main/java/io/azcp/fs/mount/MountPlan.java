package io.azcp.fs.mount;

import io.azcp.base.UsageException;
import io.azcp.config.Environment;
import io.azcp.config.MappingPaths;
import io.azcp.config.MappingRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One place to mount, and the rules that appear in it.
 *
 * @param mountPoint absolute
 * @param rules by their path below it, in the configuration's order; empty for the place itself
 * @param made whether a missing directory is made
 */
record MountPlan(String mountPoint, Map<String, MappingRule> rules, boolean made) {

  /** Every place of a request, in the configuration's order. */
  static List<MountPlan> of(MountRequest request) throws UsageException {
    return request.directory().isPresent()
        ? List.of(below(request.directory().get(), request))
        : atTheirOwn(request);
  }

  private static MountPlan below(String directory, MountRequest request) throws UsageException {
    Environment environment = request.environment();
    String root = environment.absolute(directory);
    Map<String, MappingRule> rules = new LinkedHashMap<>();
    for (MappingRule rule : request.mapping().rules()) {
      String local = MappingPaths.localRoot(rule, root, environment);
      if (!lies(local, root)) {
        throw new UsageException(
            rule.origin()
                + ": local "
                + rule.local()
                + " lies outside of "
                + root
                + "; write it relative, or mount without a directory");
      }
      rules.putIfAbsent(relative(local, root), rule);
    }
    return new MountPlan(root, rules, false);
  }

  private static List<MountPlan> atTheirOwn(MountRequest request) {
    Environment environment = request.environment();
    Map<String, MappingRule> roots = new LinkedHashMap<>();
    for (MappingRule rule : request.mapping().rules()) {
      roots.putIfAbsent(
          MappingPaths.localRoot(rule, environment.workingDirectory(), environment), rule);
    }
    List<MountPlan> plans = new ArrayList<>();
    for (String top : roots.keySet()) {
      if (roots.keySet().stream().anyMatch(o -> !o.equals(top) && lies(top, o))) {
        continue;
      }
      Map<String, MappingRule> inside = new LinkedHashMap<>();
      roots.forEach(
          (root, rule) -> {
            if (lies(root, top)) {
              inside.put(relative(root, top), rule);
            }
          });
      plans.add(new MountPlan(top, inside, true));
    }
    return plans;
  }

  /** The same at the place's path without links. */
  MountPlan at(String canonical) {
    return new MountPlan(canonical, rules, made);
  }

  /** Whether a normal path is a folder or lies below it, by whole components. */
  static boolean lies(String path, String folder) {
    return path.equals(folder) || path.startsWith(folder.endsWith("/") ? folder : folder + "/");
  }

  /** What is left of a path below a folder. */
  static String relative(String path, String folder) {
    if (path.equals(folder)) {
      return "";
    }
    return path.substring(folder.endsWith("/") ? folder.length() : folder.length() + 1);
  }

  /** Where a rule of this plan is seen. */
  String seenAt(String relative) {
    return relative.isEmpty() ? mountPoint : mountPoint + "/" + relative;
  }
}
