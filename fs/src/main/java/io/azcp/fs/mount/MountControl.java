package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.Version;
import io.azcp.fs.mount.RulePaths.Target;
import io.azcp.fs.mount.control.ControlHandler;
import io.azcp.fs.mount.control.Message;
import io.azcp.fs.mount.control.Protocol;
import io.azcp.fs.writeback.Writeback;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What the requests of the control protocol mean for a running daemon. Thread-safe. */
final class MountControl implements ControlHandler {
  private static final List<String> OPERATIONS =
      List.of(
          Protocol.HELLO,
          Protocol.STATUS,
          Protocol.PREPARE,
          Protocol.FLUSH,
          Protocol.REFRESH,
          Protocol.EVICT,
          Protocol.UNPIN,
          Protocol.UNMOUNT);

  /** Nobody waits longer than this for uploads that fail. */
  private static final Duration STALL = Duration.ofMinutes(3);

  private static final Duration LONGEST = Duration.ofDays(7);

  private final MountDaemon daemon;

  MountControl(MountDaemon daemon) {
    this.daemon = daemon;
  }

  @Override
  public Message handle(String op, Message arguments, Progress progress) throws IOException {
    return switch (op) {
      case Protocol.HELLO -> hello();
      case Protocol.STATUS -> daemon.status();
      case Protocol.PREPARE -> new PrepareControl(daemon, arguments, progress).run();
      case Protocol.FLUSH -> flush(arguments, progress);
      case Protocol.REFRESH -> refresh(arguments);
      case Protocol.EVICT -> evict(arguments, progress);
      case Protocol.UNPIN -> unpin(arguments);
      case Protocol.UNMOUNT -> unmount(arguments, progress);
      default ->
          throw new AzcpException(
              Errno.EOPNOTSUPP,
              "unknown operation " + op + "; known are " + String.join(", ", OPERATIONS));
    };
  }

  private Message hello() {
    return Message.empty()
        .with("program", "azcp")
        .with("version", Version.text())
        .with("pid", ProcessHandle.current().pid())
        .with("operations", OPERATIONS)
        .with("mountPoints", daemon.sessions().stream().map(MountSession::mountPoint).toList());
  }

  private List<Target> targets(String path) throws AzcpException {
    return RulePaths.targets(daemon.rules(), path);
  }

  private Message flush(Message arguments, Progress progress) throws IOException {
    String path = arguments.text("path", "");
    boolean open = arguments.flag("open");
    if (path.isEmpty()) {
      return drain(
          daemon.rules().stream().map(MountedRule::writeback).toList(), "", open, progress);
    }
    List<Target> targets = targets(path);
    if (targets.size() == 1) {
      Target only = targets.get(0);
      return drain(List.of(only.rule().writeback()), strip(only.name()), open, progress);
    }
    return drain(targets.stream().map(t -> t.rule().writeback()).toList(), "", open, progress);
  }

  private static Message drain(
      List<Writeback> rules, String prefix, boolean open, Progress progress) throws IOException {
    Message left = new Drain(rules, prefix, open).await(LONGEST, STALL, progress::tell);
    return Elsewheres.tell(left, rules);
  }

  private static String strip(String name) {
    return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
  }

  private Message refresh(Message arguments) throws IOException {
    long dropped = 0;
    for (Target t : targets(arguments.text("path"))) {
      dropped += t.rule().store().recheck(strip(t.name()));
      daemon.sessionOf(t.rule()).refresh(t.rule(), strip(t.name()));
    }
    return Message.empty().with("dropped", dropped);
  }

  private Message evict(Message arguments, Progress progress) throws IOException {
    var report = new EvictionReport(arguments.flag("force"), progress);
    for (Target t : targets(arguments.text("path"))) {
      t.rule().evict(strip(t.name()), report);
    }
    return report.result();
  }

  private Message unpin(Message arguments) throws IOException {
    long files = 0;
    for (Target t : targets(arguments.text("path"))) {
      files += t.rule().store().cache().unpin(strip(t.name()));
    }
    return Message.empty().with("files", files);
  }

  private Message unmount(Message arguments, Progress progress) throws IOException {
    daemon.unmountAsked();
    String place = arguments.text("mountPoint");
    boolean lazy = arguments.flag("lazy");
    boolean wait = !arguments.has("wait") || arguments.flag("wait");
    MountSession session = daemon.session(place);
    if (!wait) {
      session.leaveUploads();
    }
    session.unmount(lazy);
    Unmounting unmounting = new Unmounting(session, lazy);
    unmounting.watch();
    Drain drain = new Drain(session.writebacks(), "");
    if (!wait) {
      return left(drain.state().with("complete", drain.state().number("operations") == 0));
    }
    return left(unmounting.await(drain, LONGEST, STALL, progress::tell));
  }

  /** Adds whether the daemon ends now. */
  private Message left(Message state) {
    boolean last = daemon.sessions().stream().allMatch(MountSession::hasEnded);
    return state.with("last", last);
  }

  @Override
  public void answered(String op) {
    if (op.equals(Protocol.UNMOUNT)) {
      daemon.unmountAnswered();
    }
  }
}
