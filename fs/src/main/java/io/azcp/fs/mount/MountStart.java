package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.base.posix.Identity;
import io.azcp.config.Consistency;
import io.azcp.config.MappingRule;
import io.azcp.config.StorageAccount;
import io.azcp.fs.fuse.Binding;
import io.azcp.fs.fuse.MountOptions;
import io.azcp.fs.fuse.jnr.JnrBinding;
import io.azcp.fs.fuse.kernel.KernelBinding;
import io.azcp.fs.tree.Ownership;
import io.azcp.fs.tree.Tree;
import io.azcp.fs.tree.Volume;
import io.azcp.fs.writeback.VolumeWriteback;
import io.azcp.transfer.engine.Workers.Urgency;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The start of a mount, step by step: the cheap checks first, then the service is asked, then the
 * folders are opened, and last the kernel is told. Used once, by one thread.
 */
final class MountStart {
  private final MountRequest request;
  private final ServiceOpener opener;
  private final MountParts parts;
  private final List<String> notes = new ArrayList<>();
  private final List<MountSession> sessions = new ArrayList<>();

  MountStart(MountRequest request, ServiceOpener opener) {
    this.request = request;
    this.opener = opener;
    this.parts = new MountParts(opener);
  }

  MountParts parts() {
    return parts;
  }

  List<String> notes() {
    return notes;
  }

  List<MountSession> mount() throws IOException {
    notes.addAll(request.mapping().notes());
    List<MountPlan> plans = new ArrayList<>();
    for (MountPlan plan : MountPlan.of(request)) {
      plans.add(plan.at(MountPointCheck.prepare(plan, needed())));
    }
    DeviceCheck.check();
    Map<StorageAccount, AzcpException> away =
        new ServiceProbe(opener).ask(request.mapping().rules());
    List<List<MountedRule>> opened = new ArrayList<>();
    for (MountPlan plan : plans) {
      opened.add(open(plan));
    }
    checkOffline(away, opened);
    for (int i = 0; i < plans.size(); i++) {
      sessions.add(serve(plans.get(i), opened.get(i)));
    }
    return sessions;
  }

  /** Takes back whatever was done. */
  void undo() {
    sessions.forEach(s -> s.binding().close());
    parts.close();
  }

  /** Folders and files a mount point must not contain. */
  private List<String> needed() {
    List<String> needed = new ArrayList<>();
    for (MappingRule rule : request.mapping().rules()) {
      needed.add(rule.cache());
      needed.add(rule.account().file());
    }
    needed.add(request.mapping().file());
    needed.add(DaemonLog.folder(request.environment()));
    return needed;
  }

  private Ownership ownership() {
    boolean root = Identity.euid() == 0;
    int umask = request.umask() != null ? request.umask() : request.allowOther() ? 022 : 077;
    return new Ownership(
        request.uid() != null ? request.uid() : Identity.uid(),
        request.gid() != null ? request.gid() : Identity.gid(),
        umask,
        root && request.uid() == null && request.gid() == null);
  }

  private List<MountedRule> open(MountPlan plan) throws IOException {
    List<MountedRule> rules = new ArrayList<>();
    for (Map.Entry<String, MappingRule> e : plan.rules().entrySet()) {
      rules.add(open(plan.seenAt(e.getKey()), e.getValue()));
    }
    return rules;
  }

  private MountedRule open(String root, MappingRule configured) throws IOException {
    MappingRule rule = request.adapted(configured);
    MemoryStagingCheck.check(rule);
    RuleStore store =
        parts.add(
            RuleStore.open(
                rule, parts.services().of(rule.account()), parts.workers(), request.allowOther()));
    VolumeWriteback writeback = parts.add(store.openChanges());
    for (String kept : writeback.recovered()) {
      notes.add("not closed when the last mount ended, and kept: " + kept);
    }
    writeback.elsewhere().forEach(each -> notes.add(Elsewheres.sentence(each)));
    Volume volume =
        new Volume(
            rule,
            store.service(),
            store.cache(),
            writeback,
            call -> parts.workers().submit(Urgency.URGENT, call),
            ownership(),
            System::nanoTime,
            store.index());
    return new MountedRule(root, store, writeback, volume, new RateWindow(), new RateWindow());
  }

  /** A service that is away is borne where the folder has something to serve. */
  private void checkOffline(Map<StorageAccount, AzcpException> away, List<List<MountedRule>> opened)
      throws IOException {
    for (List<MountedRule> rules : opened) {
      for (MountedRule rule : rules) {
        AzcpException why = away.get(rule.store().rule().account());
        if (why == null) {
          continue;
        }
        if (rule.idle() && !servesOld(rule.store())) {
          throw why;
        }
        rule.away(why);
        notes.add(
            "offline: "
                + rule.root()
                + " answers from its cache and journal until the service is back ("
                + why.getMessage()
                + ")");
      }
    }
  }

  /** Whether the folder has anything to serve while the service is away. */
  private static boolean servesOld(RuleStore store) throws IOException {
    AtomicBoolean any = new AtomicBoolean();
    if (store.rule().consistency() != Consistency.OPEN) {
      store.cache().forEachWhole((name, version) -> any.set(true));
    }
    return any.get();
  }

  private MountSession serve(MountPlan plan, List<MountedRule> rules) throws IOException {
    Map<String, Volume> volumes = new LinkedHashMap<>();
    for (MountedRule rule : rules) {
      volumes.put(MountPlan.relative(rule.root(), plan.mountPoint()), rule.volume());
    }
    Tree tree = new Tree(volumes, ownership());
    MountOptions options =
        MountOptions.of(source(rules), plan.mountPoint())
            .withReadOnly(request.readOnly())
            .withPassthrough(request.passthrough())
            .withAllowOther(request.allowOther());
    Binding binding = bind(options, tree);
    tree.passthrough(binding.passthrough());
    if (Identity.euid() != 0) {
      notes.add(
          plan.mountPoint()
              + " is mounted without root, through fusermount3: passthrough is off, reads and"
              + " writes go through the daemon");
    }
    return new MountSession(plan.mountPoint(), rules, tree, binding);
  }

  private Binding bind(MountOptions options, Tree tree) throws IOException {
    return switch (request.binding()) {
      case KERNEL -> KernelBinding.mount(options, tree);
      case JNR -> JnrBinding.mount(options, tree);
    };
  }

  /** What mount(8) shows: the only rule's container, or the program. */
  private static String source(List<MountedRule> rules) {
    return rules.size() == 1 ? rules.get(0).store().remote() : "azcp";
  }
}
