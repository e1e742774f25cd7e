package io.azcp.cli;

import io.azcp.base.UsageException;
import io.azcp.config.MappingRule;
import io.azcp.fs.mount.MappedPlace;
import io.azcp.fs.mount.PathRequests;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Mapped files and directories of one rule, by the names of their blobs; none lies below another.
 *
 * @param rule the rule
 * @param roots the names; one empty name is the whole container
 */
record ClusterPaths(MappingRule rule, List<String> roots) {
  static ClusterPaths of(PathRequests requests, List<String> paths) throws IOException {
    MappingRule rule = null;
    var names = new TreeSet<String>();
    for (String path : paths) {
      MappedPlace place =
          requests
              .place(path)
              .orElseThrow(() -> new UsageException("no rule of the configuration has " + path));
      if (rule != null && !rule.local().equals(place.rule().local())) {
        throw new UsageException(
            path
                + " is of another rule than the paths before it; fill the cache of one rule at a"
                + " time");
      }
      rule = place.rule();
      names.add(place.blobName());
    }
    return new ClusterPaths(rule, apart(names));
  }

  private static List<String> apart(TreeSet<String> names) {
    List<String> apart = new ArrayList<>();
    for (String name : names) {
      boolean below =
          apart.stream()
              .anyMatch(
                  a ->
                      a.isEmpty()
                          || name.equals(a + "/")
                          || name.startsWith(a.endsWith("/") ? a : a + "/"));
      if (!below) {
        apart.add(name);
      }
    }
    return apart;
  }
}
