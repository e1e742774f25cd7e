package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.config.Consistency;
import io.azcp.config.Environment;
import io.azcp.config.Mapping;
import io.azcp.config.MappingRule;
import io.azcp.fs.mount.PathServers.ByDaemon;
import io.azcp.fs.mount.PathServers.ByFolder;
import io.azcp.fs.mount.PathServers.Server;
import io.azcp.fs.mount.control.ControlClient;
import io.azcp.fs.mount.control.ControlClient.ProgressLine;
import io.azcp.fs.mount.control.LiveMount;
import io.azcp.fs.mount.control.Message;
import io.azcp.fs.mount.control.Protocol;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What can be asked for a path, whether or not it is mounted: the daemon that serves its rule is
 * asked where there is one; else the work is done here, on the cache folder itself. Used by one
 * thread.
 */
public final class PathRequests {
  /** Uploads that fail are not waited for longer than this. */
  private static final Duration STALL = Duration.ofMinutes(1);

  private static final Duration LONGEST = Duration.ofDays(7);

  private final Environment environment;
  private final ServiceOpener opener;
  private final PathServers servers;

  /** The rules, loaded only when no running mount knows a path. */
  @FunctionalInterface
  public interface Configuration {
    /** Loads them; empty where there is no configuration. */
    Optional<Mapping> load() throws IOException;
  }

  /** Requests of a user in his surroundings. */
  public PathRequests(Environment environment, Configuration configuration, ServiceOpener opener)
      throws IOException {
    this.environment = environment;
    this.opener = opener;
    this.servers = new PathServers(environment, configuration);
  }

  /**
   * Where the blobs of a path are; empty for a plain local file.
   *
   * @throws io.azcp.base.UsageException where it is a directory above the rules of a mount
   */
  public Optional<MappedPlace> place(String path) throws IOException {
    return servers.place(path);
  }

  /** The path as the local file system has it. */
  public String absolute(String path) {
    return environment.absolute(path);
  }

  /** The files that paths name. */
  public PathFiles files() {
    return new PathFiles(this, opener);
  }

  /**
   * A plan of what is to be prepared, empty yet.
   *
   * @param folder where lists too long for memory are kept meanwhile
   */
  public PreparePlan plan(Path folder) {
    return new PreparePlan(servers, opener, folder);
  }

  /** What other programs put into the cache folder of a place. */
  public LooseFiles looseFiles(MappedPlace place) throws IOException {
    return LooseFiles.open(place, opener);
  }

  private static AzcpException noRule(String path) {
    return new AzcpException(
        Errno.EINVAL, path + " is a plain local file: no rule and no mount has it");
  }

  private RuleStore open(MountParts parts, MappingRule rule) throws IOException {
    return parts.add(
        RuleStore.open(rule, parts.services().of(rule.account()), parts.workers(), false));
  }

  // ---- flush

  /**
   * Uploads what is pending at a path and below; answers what is left, with {@code complete}.
   *
   * @param open whether files that are being written are waited for
   */
  public Message flush(String path, boolean open, ProgressLine watcher) throws IOException {
    Server server = servers.of(path);
    if (server instanceof ByDaemon d) {
      Message arguments = Message.empty().with("path", d.path()).with("open", open);
      return call(d.mount(), Protocol.FLUSH, arguments, watcher);
    }
    if (server instanceof ByFolder f) {
      return flushFolder(f.rule(), f.name(), watcher);
    }
    throw noRule(path);
  }

  /** Uploads what is pending anywhere: in running mounts, and in the caches of the rules. */
  public List<Message> flushAll(boolean open, ProgressLine watcher) throws IOException {
    List<Message> all = new ArrayList<>();
    for (LiveMount mount : servers.live()) {
      all.add(call(mount, Protocol.FLUSH, Message.empty().with("open", open), watcher));
    }
    Optional<Mapping> mapping = servers.rules();
    if (mapping.isEmpty() && servers.live().isEmpty()) {
      throw new AzcpException(
          Errno.ENOENT, "nothing can be flushed: no mount is running and no rules were found");
    }
    if (mapping.isPresent()) {
      for (MappingRule rule : mapping.get().rules()) {
        if (servers.liveRule(rule).isEmpty()) {
          all.add(flushFolder(rule, "", watcher));
        }
      }
    }
    return all;
  }

  private Message flushFolder(MappingRule rule, String name, ProgressLine watcher)
      throws IOException {
    try (MountParts parts = new MountParts(opener)) {
      var changes = parts.add(open(parts, rule).openChanges());
      Message left = new Drain(List.of(changes), strip(name)).await(LONGEST, STALL, watcher::line);
      return Elsewheres.tell(left, List.of(changes));
    }
  }

  private static String strip(String name) {
    return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
  }

  // ---- refresh, evict

  /**
   * Makes a running mount ask the service again for what lies at the path, and a cache folder that
   * is believed without asking drop what the service has no more.
   *
   * @return whether there was anything to refresh: a mount, or such a folder; without either
   *     nothing is remembered that could be old
   */
  public boolean refresh(String path) throws IOException {
    Server server = servers.of(path);
    if (server instanceof ByDaemon d) {
      call(d.mount(), Protocol.REFRESH, Message.empty().with("path", d.path()), ProgressLine.NONE);
      return true;
    }
    if (server instanceof ByFolder f) {
      return refreshFolder(f);
    }
    throw noRule(path);
  }

  private boolean refreshFolder(ByFolder folder) throws IOException {
    if (folder.rule().consistency() != Consistency.CACHED) {
      return false;
    }
    try (MountParts parts = new MountParts(opener)) {
      open(parts, folder.rule()).recheck(strip(folder.name()));
      return true;
    }
  }

  /**
   * Drops what is cached of a path and below; answers {@code files} and {@code bytes} freed, {@code
   * keptFiles}, and the first of them as {@code kept}: {@code path} and {@code why}.
   *
   * @param force whether pinned files go too
   */
  public Message evict(String path, boolean force) throws IOException {
    Server server = servers.of(path);
    if (server instanceof ByDaemon d) {
      Message arguments = Message.empty().with("path", d.path()).with("force", force);
      return call(d.mount(), Protocol.EVICT, arguments, ProgressLine.NONE);
    }
    if (server instanceof ByFolder f) {
      try (MountParts parts = new MountParts(opener)) {
        var report = new EvictionReport(force, progress -> {});
        open(parts, f.rule()).evict(strip(f.name()), force, report.of(f.rule().local()));
        return report.result();
      }
    }
    throw noRule(path);
  }

  /** Lets go of what was pinned of a path and below; answers how many files. */
  public long unpin(String path) throws IOException {
    Server server = servers.of(path);
    if (server instanceof ByDaemon d) {
      Message arguments = Message.empty().with("path", d.path());
      return call(d.mount(), Protocol.UNPIN, arguments, ProgressLine.NONE).number("files");
    }
    if (server instanceof ByFolder f) {
      try (MountParts parts = new MountParts(opener)) {
        return open(parts, f.rule()).cache().unpin(strip(f.name()));
      }
    }
    throw noRule(path);
  }

  private static Message call(LiveMount mount, String op, Message arguments, ProgressLine watcher)
      throws IOException {
    try (ControlClient client = ControlClient.connect(mount.socket())) {
      return client.call(op, arguments, watcher);
    }
  }
}
