package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.fs.mount.RulePaths.Target;
import io.azcp.fs.mount.SpooledNames.Totals;
import io.azcp.fs.mount.control.ControlHandler.Progress;
import io.azcp.fs.mount.control.Message;
import io.azcp.prefetch.Manifest;
import io.azcp.prefetch.PrepareListener;
import io.azcp.prefetch.PrepareOptions;
import io.azcp.prefetch.PrepareResult;
import io.azcp.prefetch.PrepareResult.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One request to a daemon to prepare, rule by rule. A list is read once to learn which rules it is
 * about, and once for each of these. Used by one thread.
 */
final class PrepareControl {
  private final MountDaemon daemon;
  private final Message arguments;
  private final Progress progress;
  private final Map<MountedRule, List<String>> typed = new LinkedHashMap<>();
  private final Map<MountedRule, Totals> listed = new LinkedHashMap<>();
  private final List<Message> failures = new ArrayList<>();

  PrepareControl(MountDaemon daemon, Message arguments, Progress progress) {
    this.daemon = daemon;
    this.arguments = arguments;
    this.progress = progress;
  }

  Message run() throws IOException {
    for (String path : arguments.texts("paths")) {
      for (Target t : targets(path)) {
        typed.computeIfAbsent(t.rule(), r -> new ArrayList<>()).add(t.name());
      }
    }
    String list = arguments.text("manifest", "");
    if (!list.isEmpty()) {
      survey(list);
    }
    Set<MountedRule> rules = new LinkedHashSet<>(typed.keySet());
    rules.addAll(listed.keySet());
    PrepareOptions options = PrepareMessages.options(arguments);
    PrepareResult all = PrepareResult.NOTHING;
    for (MountedRule rule : rules) {
      all = all.plus(prepare(rule, list, options, all));
    }
    return PrepareMessages.of(all, failures);
  }

  private List<Target> targets(String path) throws AzcpException {
    return RulePaths.targets(daemon.rules(), path);
  }

  private void survey(String list) throws IOException {
    if (!list.startsWith("/")) {
      throw new AzcpException(Errno.EINVAL, "a manifest must be absolute, not " + list);
    }
    try (Manifest lines = SpooledNames.list(list)) {
      for (Manifest.Line line = lines.next(); line != null; line = lines.next()) {
        Manifest.Line each = line;
        for (Target t : targets(line.path())) {
          listed.compute(t.rule(), (r, sum) -> (sum == null ? Totals.NONE : sum).plus(each));
        }
      }
    }
  }

  private PrepareResult prepare(
      MountedRule rule, String list, PrepareOptions options, PrepareResult before)
      throws IOException {
    Totals totals = listed.getOrDefault(rule, Totals.NONE);
    String file = totals.files() == 0 ? null : list;
    PrepareListener listener =
        (files, bytes, filesKnown, bytesKnown) -> {
          daemon.checkServing();
          progress.tell(
              Message.empty()
                  .with("files", before.files() + files)
                  .with("bytes", before.bytes() + bytes)
                  .with("filesKnown", before.files() + filesKnown)
                  .with("bytesKnown", before.bytes() + bytesKnown));
        };
    try (SpooledNames names =
        SpooledNames.open(
            typed.getOrDefault(rule, List.of()), file, path -> relative(rule, path), totals)) {
      PrepareResult result = rule.prepare(names, options, listener);
      for (Failure f : result.failures()) {
        String path = f.name().isEmpty() ? rule.root() : rule.root() + "/" + f.name();
        failures.add(PrepareMessages.failure(path, f));
      }
      return result;
    }
  }

  private Optional<String> relative(MountedRule rule, String path) throws IOException {
    return targets(path).stream().filter(t -> t.rule().equals(rule)).findFirst().map(Target::name);
  }
}
