package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.config.MappingRule;
import io.azcp.fs.mount.PathServers.ByDaemon;
import io.azcp.fs.mount.PathServers.ByFolder;
import io.azcp.fs.mount.PathServers.Server;
import io.azcp.fs.mount.PathServers.Unmapped;
import io.azcp.fs.mount.control.ControlClient;
import io.azcp.fs.mount.control.LiveMount;
import io.azcp.fs.mount.control.Message;
import io.azcp.fs.mount.control.Protocol;
import io.azcp.prefetch.Manifest;
import io.azcp.prefetch.PrepareListener;
import io.azcp.prefetch.PrepareOptions;
import io.azcp.prefetch.PrepareResult;
import io.azcp.prefetch.PrepareResult.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be prepared, and by whom: the paths are resolved while they are added, so that the
 * plan no longer depends on where it was made. Used by one thread.
 */
public final class PreparePlan implements AutoCloseable {
  private final PathServers servers;
  private final ServiceOpener opener;
  private final Path folder;
  private final Map<LiveMount, NameSpool> daemons = new LinkedHashMap<>();
  private final Map<MappingRule, NameSpool> folders = new LinkedHashMap<>();
  private final List<String> unmapped = new ArrayList<>();
  private PrepareResult plain = PrepareResult.NOTHING;

  PreparePlan(PathServers servers, ServiceOpener opener, Path folder) {
    this.servers = servers;
    this.opener = opener;
    this.folder = folder;
  }

  /** A file, a directory or a pattern. */
  public void add(String path) throws IOException {
    Server server = servers.of(path);
    if (server instanceof ByDaemon d) {
      spool(d.mount()).add(d.path());
    } else if (server instanceof ByFolder f) {
      spool(f.rule()).add(f.name());
    } else {
      unmapped.add(path);
    }
  }

  /** The paths of a list. */
  public void add(Manifest list) throws IOException {
    for (Manifest.Line line = list.next(); line != null; line = list.next()) {
      Server server = servers.of(line.path());
      if (server instanceof ByDaemon d) {
        spool(d.mount()).add(new Manifest.Line(d.path(), line.size()));
      } else if (server instanceof ByFolder f) {
        spool(f.rule()).add(new Manifest.Line(f.name(), line.size()));
      } else if (server instanceof Unmapped u) {
        plain = plain.plus(local(line.path(), u.path()));
      }
    }
  }

  /** A plain local file is there already, if it is there at all. */
  private static PrepareResult local(String given, String path) {
    if (io.azcp.base.posix.Files.exists(path)) {
      return new PrepareResult(0, 0, 1, 0, 0, 0, 0, 0, List.of());
    }
    String message = "there is no file " + given + ", and no rule and no mount has it";
    return new PrepareResult(
        0, 0, 0, 0, 0, 0, 0, 1, List.of(new Failure(given, Errno.ENOENT, message)));
  }

  private NameSpool spool(LiveMount mount) {
    return daemons.computeIfAbsent(mount, m -> new NameSpool(folder));
  }

  private NameSpool spool(MappingRule rule) {
    return folders.computeIfAbsent(rule, r -> new NameSpool(folder));
  }

  /** Paths that were added one by one and that no rule has. */
  public List<String> unmapped() {
    return unmapped;
  }

  /** Whether nothing of it is mapped. */
  public boolean isEmpty() {
    return daemons.isEmpty() && folders.isEmpty() && plain.equals(PrepareResult.NOTHING);
  }

  /**
   * Makes all of it whole in the caches, or only tells what is there; in running mounts where they
   * serve it, else here.
   *
   * @return of all together; failures carry full paths
   */
  public PrepareResult run(PrepareOptions options, PrepareListener listener) throws IOException {
    PrepareResult all = plain;
    for (Map.Entry<LiveMount, NameSpool> e : daemons.entrySet()) {
      e.getValue().finish();
      all = all.plus(byDaemon(e.getKey(), e.getValue(), options, after(all, listener)));
    }
    for (Map.Entry<MappingRule, NameSpool> e : folders.entrySet()) {
      e.getValue().finish();
      all = all.plus(byFolder(e.getKey(), e.getValue(), options, after(all, listener)));
    }
    return all;
  }

  /** Counts what was done before. */
  private static PrepareListener after(PrepareResult before, PrepareListener listener) {
    return (files, bytes, filesKnown, bytesKnown) ->
        listener.progress(
            before.files() + files,
            before.bytes() + bytes,
            before.files() + filesKnown,
            before.bytes() + bytesKnown);
  }

  private static PrepareResult byDaemon(
      LiveMount mount, NameSpool names, PrepareOptions options, PrepareListener listener)
      throws IOException {
    try (ControlClient client = ControlClient.connect(mount.socket())) {
      Message result =
          client.call(
              Protocol.PREPARE,
              PrepareMessages.request(names.typed(), names.list(), options),
              p ->
                  listener.progress(
                      p.number("files"),
                      p.number("bytes"),
                      p.number("filesKnown"),
                      p.number("bytesKnown")));
      return PrepareMessages.parse(result);
    }
  }

  private PrepareResult byFolder(
      MappingRule rule, NameSpool spool, PrepareOptions options, PrepareListener listener)
      throws IOException {
    try (MountParts parts = new MountParts(opener);
        SpooledNames names =
            SpooledNames.open(spool.typed(), spool.list(), Optional::of, spool.totals())) {
      RuleStore store =
          parts.add(
              RuleStore.open(rule, parts.services().of(rule.account()), parts.workers(), false));
      PrepareResult result = store.prepare(names, options, n -> false, listener);
      List<Failure> seen = new ArrayList<>();
      for (Failure f : result.failures()) {
        seen.add(new Failure(rule.local() + "/" + f.name(), f.errno(), f.message()));
      }
      return result.withFailures(seen);
    }
  }

  /** Removes its files. */
  @Override
  public void close() throws IOException {
    IOException failure = null;
    List<NameSpool> spools = new ArrayList<>(daemons.values());
    spools.addAll(folders.values());
    for (NameSpool spool : spools) {
      try {
        spool.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw new AzcpException(
          Errno.EIO, "a list of names stays in " + folder + ": " + failure.getMessage(), failure);
    }
  }
}
