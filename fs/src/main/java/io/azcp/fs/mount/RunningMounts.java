package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.config.Environment;
import io.azcp.fs.fuse.DeadMount;
import io.azcp.fs.mount.control.ControlClient;
import io.azcp.fs.mount.control.ControlClient.ProgressLine;
import io.azcp.fs.mount.control.LiveMount;
import io.azcp.fs.mount.control.Message;
import io.azcp.fs.mount.control.Protocol;
import io.azcp.fs.mount.control.RuntimeFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The user's running mounts. Used by one thread. */
public final class RunningMounts {
  private static final long END_MILLIS = 60_000;
  private static final String AZCP_MOUNTS = "; 'azcp mounts' lists them";

  private final Environment environment;
  private final RuntimeFolder folder;

  /** Looks in the user's runtime folder. */
  public RunningMounts(Environment environment) throws IOException {
    this.environment = environment;
    this.folder = RuntimeFolder.of(environment.variables());
  }

  /** All of them, oldest first. */
  public List<LiveMount> all() throws IOException {
    return folder.live();
  }

  /** Every mounted place. */
  public List<String> places() throws IOException {
    List<String> places = new ArrayList<>();
    all().forEach(m -> places.addAll(m.mountPoints()));
    return places;
  }

  /** The status of every daemon, or of that which serves a path. */
  public List<Message> status(Optional<String> path) throws IOException {
    List<Message> all = new ArrayList<>();
    if (path.isPresent()) {
      LiveMount mount =
          serving(path.get())
              .orElseThrow(
                  () ->
                      new AzcpException(
                          Errno.ENOENT, "no mount of yours serves " + path.get() + AZCP_MOUNTS));
      all.add(status(mount));
      return all;
    }
    for (LiveMount mount : all()) {
      all.add(status(mount));
    }
    return all;
  }

  private static Message status(LiveMount mount) throws IOException {
    try (ControlClient client = ControlClient.connect(mount.socket())) {
      return client.call(Protocol.STATUS, Message.empty(), ProgressLine.NONE);
    }
  }

  private Optional<LiveMount> serving(String path) throws IOException {
    String absolute = environment.absolute(path);
    Optional<LiveMount> plain = folder.serving(absolute);
    return plain.isPresent() ? plain : folder.serving(MountPointCheck.real(absolute));
  }

  /**
   * Unmounts a place and waits for its uploads, unless told not to. Answers what is left, with
   * {@code complete}. A dead mount is cleared away.
   */
  public Message unmount(String directory, boolean wait, boolean lazy, ProgressLine watcher)
      throws IOException {
    String absolute = environment.absolute(directory);
    Optional<LiveMount> mount = at(absolute);
    String place = absolute;
    if (mount.isEmpty()) {
      if (DeadMount.clear(absolute)) {
        return Message.empty().with("complete", true).with("dead", true);
      }
      place = MountPointCheck.real(absolute);
      mount = at(place);
    }
    if (mount.isEmpty()) {
      throw new AzcpException(Errno.EINVAL, "no mount of yours is at " + directory + AZCP_MOUNTS);
    }
    Message request =
        Message.empty().with("mountPoint", place).with("wait", wait).with("lazy", lazy);
    try (ControlClient client = ControlClient.connect(mount.get().socket())) {
      Message left = client.call(Protocol.UNMOUNT, request, watcher);
      if (left.flag("last") && !client.awaitEnd(END_MILLIS)) {
        throw new AzcpException(
            Errno.ETIMEDOUT,
            "process " + mount.get().pid() + " has unmounted " + place + " but does not end");
      }
      return left;
    }
  }

  private Optional<LiveMount> at(String place) throws IOException {
    return all().stream().filter(m -> m.mountPoints().contains(place)).findFirst();
  }
}
