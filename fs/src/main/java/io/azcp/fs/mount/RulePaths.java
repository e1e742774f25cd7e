package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.util.ArrayList;
import java.util.List;

/** Which rules of a daemon a path means. */
final class RulePaths {
  private RulePaths() {}

  /**
   * A place in a rule.
   *
   * @param name relative to the rule; empty for its root; a trailing slash is kept
   */
  record Target(MountedRule rule, String name) {}

  /**
   * The rule a path lies in, the first that matches; for a directory above rules, all of them.
   *
   * @param path absolute
   */
  static List<Target> targets(List<MountedRule> rules, String path) throws AzcpException {
    if (!path.startsWith("/")) {
      throw new AzcpException(Errno.EINVAL, "a path must be absolute, not " + path);
    }
    String normal = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    for (MountedRule rule : rules) {
      if (MountPlan.lies(normal, rule.root())) {
        String name = MountPlan.relative(normal, rule.root());
        boolean slash = path.endsWith("/") && !name.isEmpty();
        return List.of(new Target(rule, slash ? name + "/" : name));
      }
    }
    List<Target> below = new ArrayList<>();
    for (MountedRule rule : rules) {
      if (MountPlan.lies(rule.root(), normal)) {
        below.add(new Target(rule, ""));
      }
    }
    if (below.isEmpty()) {
      throw new AzcpException(Errno.ENOENT, "no rule of this mount has " + path);
    }
    return below;
  }
}
