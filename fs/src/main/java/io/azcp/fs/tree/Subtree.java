package io.azcp.fs.tree;

import io.azcp.fs.writeback.RemoteFile;
import io.azcp.fs.writeback.Writeback.Rename;
import io.azcp.transfer.blob.ListQuery;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything below a directory: what the service lists there, under what was changed here. Used by
 * one thread.
 */
final class Subtree {
  private final Volume volume;
  private final String directory;
  private final Map<String, Found> listed = new LinkedHashMap<>();
  private final Map<String, Found> files = new LinkedHashMap<>();
  private final Map<String, Found.Directory> directories = new LinkedHashMap<>();

  Subtree(Volume volume, String directory) {
    this.volume = volume;
    this.directory = directory;
  }

  String directory() {
    return directory;
  }

  /** Asks the service. */
  void ask() throws IOException {
    int start = volume.rule().blobPrefix().length();
    String prefix = volume.listPrefix(directory);
    String marker = "";
    do {
      ListQuery page = new ListQuery(prefix, false, marker, ListQuery.MAX_PAGE, true);
      marker =
          volume
              .service()
              .list(
                  volume.container(),
                  page,
                  (blob, p) -> {
                    String name = blob.substring(start);
                    listed.put(name, volume.found(name, p));
                  });
    } while (!marker.isEmpty());
  }

  /**
   * The renames that move it, the directory itself first.
   *
   * @param to its new name
   * @param self the directory
   * @param replaced the empty directory that it replaces; null for none
   */
  List<Rename> renames(String to, Found.Directory self, Found.Directory replaced) {
    overlayListed();
    addLocal();
    List<Rename> renames = new ArrayList<>();
    RemoteFile target = replaced == null ? null : replaced.marker();
    renames.add(new Rename(directory, to, true, self.marker(), target, self.attributes()));
    directories.forEach(
        (name, d) -> {
          Found hiddenFile = files.remove(name);
          RemoteFile moved =
              hiddenFile instanceof Found.Remote r && d.marker() == null ? r.file() : d.marker();
          renames.add(new Rename(name, moved(name, to), true, moved, null, d.attributes()));
        });
    files.forEach(
        (name, f) ->
            renames.add(new Rename(name, moved(name, to), false, Removals.remote(f), null, null)));
    return renames;
  }

  private String moved(String name, String to) {
    return to + name.substring(directory.length());
  }

  private void overlayListed() {
    listed.forEach(
        (name, found) -> {
          Known changed = volume.finder().peekOverlay(name);
          Found now = changed == null ? found : changed.found();
          if (!now.isAbsent()) {
            add(name, now);
          }
        });
  }

  private void add(String name, Found found) {
    for (String dir = Paths.parent(name);
        dir.length() > directory.length();
        dir = Paths.parent(dir)) {
      if (directories.putIfAbsent(dir, volume.impliedDirectory()) != null) {
        break;
      }
    }
    if (found instanceof Found.Directory d) {
      directories.merge(name, d, Subtree::withMarker);
    } else {
      files.put(name, found);
    }
  }

  private static Found.Directory withMarker(Found.Directory old, Found.Directory now) {
    return now.marker() == null ? new Found.Directory(now.attributes(), old.marker()) : now;
  }

  private void addLocal() {
    Deque<String> left = new ArrayDeque<>(directories.keySet());
    left.add(directory);
    Map<String, Boolean> seen = new HashMap<>();
    while (!left.isEmpty()) {
      String dir = left.pop();
      if (seen.put(dir, true) != null) {
        continue;
      }
      volume
          .finder()
          .local(dir)
          .forEach(
              (part, found) -> {
                String name = Paths.join(dir, part);
                add(name, found);
                if (found.isDirectory()) {
                  left.add(name);
                }
              });
    }
  }
}
