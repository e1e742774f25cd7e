package io.azcp.cache;

import io.azcp.base.Errno;
import io.azcp.base.posix.Directory;
import io.azcp.base.posix.PosixException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Walks the cached files of a folder. What vanishes meanwhile is passed over. */
record FolderScan(Layout layout, WholeFiles wholes) {
  /** Takes a file of the folder, open. */
  @FunctionalInterface
  interface Visitor {
    /** A file that this cache has marked; false ends the walk. */
    boolean file(WholeFiles.Found found) throws IOException;
  }

  /** Visits every file that is not foreign, in no order. */
  void run(Visitor visitor) throws IOException {
    below(layout.folder(), visitor);
  }

  /** The same in one folder and all below it; one that is not there is fine. */
  void below(String top, Visitor visitor) throws IOException {
    Deque<String> folders = new ArrayDeque<>();
    folders.push(top);
    boolean[] goOn = {true};
    while (goOn[0] && !folders.isEmpty()) {
      String folder = folders.pop();
      try {
        Directory.read(
            folder,
            (name, type, inode) -> {
              String path = folder + "/" + name;
              boolean state = name.equals(Layout.STATE) && folder.equals(layout.folder());
              if (type == Directory.Type.DIRECTORY && !state) {
                folders.push(path);
              } else if (type == Directory.Type.FILE) {
                goOn[0] = visit(path, visitor);
              }
              return goOn[0];
            });
      } catch (PosixException e) {
        boolean gone = e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR;
        if (!gone || folder.equals(layout.folder())) {
          throw e;
        }
      }
    }
  }

  private boolean visit(String path, Visitor visitor) throws IOException {
    Optional<WholeFiles.Found> there = wholes.inspect(path, null, false);
    if (there.isEmpty()) {
      return true;
    }
    try (var found = there.get()) {
      return found.trust() == WholeFiles.Trust.FOREIGN || visitor.file(found);
    }
  }
}
