package io.azcp.fs.mount.control;

import io.azcp.base.AzcpException;
import java.util.ArrayList;
import java.util.List;

/**
 * A running daemon as its file in the runtime folder tells it.
 *
 * @param pid its process
 * @param socket its control socket
 * @param config the configuration file it was started with, absolute
 * @param startedMillis when, milliseconds since the epoch
 * @param mountPoints where it is mounted, absolute
 * @param rules the rules it serves, in the order in which they match
 */
public record LiveMount(
    long pid,
    String socket,
    String config,
    long startedMillis,
    List<String> mountPoints,
    List<LiveRule> rules) {
  /** Makes the lists immutable. */
  public LiveMount {
    mountPoints = List.copyOf(mountPoints);
    rules = List.copyOf(rules);
  }

  /**
   * A rule of a running daemon.
   *
   * @param root where it is seen, absolute
   * @param cache its cache folder
   * @param remote account, container and prefix
   */
  public record LiveRule(String root, String cache, String remote) {
    Message message() {
      return Message.empty().with("root", root).with("cache", cache).with("remote", remote);
    }

    static LiveRule of(Message m) throws AzcpException {
      return new LiveRule(m.text("root"), m.text("cache"), m.text("remote"));
    }
  }

  Message message() {
    return Message.empty()
        .with("v", Protocol.VERSION)
        .with("pid", pid)
        .with("socket", socket)
        .with("config", config)
        .with("started", startedMillis)
        .with("mountPoints", mountPoints)
        .with("rules", rules.stream().map(LiveRule::message).toList());
  }

  static LiveMount of(Message m) throws AzcpException {
    List<LiveRule> rules = new ArrayList<>();
    for (Message rule : m.objects("rules")) {
      rules.add(LiveRule.of(rule));
    }
    return new LiveMount(
        m.number("pid"),
        m.text("socket"),
        m.text("config"),
        m.number("started"),
        m.texts("mountPoints"),
        rules);
  }

  /** Whether it is mounted there, or a path lies below. */
  public boolean serves(String absolutePath) {
    return mountPoints.stream()
        .anyMatch(m -> absolutePath.equals(m) || absolutePath.startsWith(m + "/"));
  }
}
