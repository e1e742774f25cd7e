package io.azcp.fs.tree;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A place of the mount that rules make: where a volume is mounted, or a directory on the way to
 * one. Unchanging once the mount is up.
 */
final class Junction {
  private final Map<String, Junction> children = new LinkedHashMap<>();
  private Volume volume;

  /** The volume mounted here; null on the way to one. */
  Volume volume() {
    return volume;
  }

  /** The junctions directly below, by name. */
  Map<String, Junction> children() {
    return children;
  }

  /**
   * Mounts volumes at paths below the mount (empty: the mount itself), the first of two that match
   * a path winning.
   */
  static Junction of(Map<String, Volume> volumes) {
    Junction root = new Junction();
    volumes.forEach(root::mount);
    return root;
  }

  private void mount(String path, Volume mounted) {
    Junction at = this;
    for (String part : path.isEmpty() ? new String[0] : path.split("/", -1)) {
      if (at.volume != null) {
        return;
      }
      at = at.children.computeIfAbsent(part, k -> new Junction());
    }
    if (at.volume == null) {
      at.volume = mounted;
    }
  }
}
