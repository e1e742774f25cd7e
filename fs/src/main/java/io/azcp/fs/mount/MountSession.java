package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.fs.fuse.Binding;
import io.azcp.fs.mount.control.Message;
import io.azcp.fs.tree.Tree;
import io.azcp.fs.writeback.Writeback;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One mounted place with its rules, until it is unmounted by whomever. Thread-safe. */
final class MountSession {
  private static final Logger LOG = LoggerFactory.getLogger(MountSession.class);

  /**
   * A node takes some 700 bytes of the heap: with 512 MiB 131,000 of them, a sixth of it. find(1)
   * reads 100,000 names of a directory before it takes their attributes.
   */
  private static final int MOST_NODES =
      (int) Math.min(1 << 20, Runtime.getRuntime().maxMemory() / 4096);

  private final String mountPoint;
  private final List<MountedRule> rules;
  private final Tree tree;
  private final Binding binding;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean leaveUploads;

  MountSession(String mountPoint, List<MountedRule> rules, Tree tree, Binding binding) {
    this.mountPoint = mountPoint;
    this.rules = List.copyOf(rules);
    this.tree = tree;
    this.binding = binding;
    Thread watcher = new Thread(this::watch, "azcp-end-of " + mountPoint);
    watcher.setDaemon(true);
    watcher.start();
  }

  private void watch() {
    try {
      binding.awaitEnd();
      LOG.info("{} is unmounted", mountPoint);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }

  String mountPoint() {
    return mountPoint;
  }

  List<MountedRule> rules() {
    return rules;
  }

  List<Writeback> writebacks() {
    return rules.stream().map(MountedRule::writeback).toList();
  }

  Message status() {
    return Message.empty()
        .with("mountPoint", mountPoint)
        .with("binding", binding.describe())
        .with("passthrough", binding.passthrough())
        .with("nodes", tree.nodes())
        .with("rules", rules.stream().map(MountedRule::status).toList());
  }

  /** Asks the service again, and has the kernel ask again. */
  void refresh(MountedRule rule, String name) {
    tree.refresh(rule.volume(), name, binding);
  }

  /** Keeps the nodes that the kernel holds below the limit. */
  void trimNodes() {
    if (!hasEnded()) {
      tree.trimNodes(MOST_NODES, binding);
    }
  }

  /** Unmounts; where it is in use the failure names the holders, unless {@code lazy}. */
  void unmount(boolean lazy) throws IOException {
    try {
      binding.unmount(lazy);
    } catch (AzcpException e) {
      if (e.errno() != Errno.EBUSY) {
        throw e;
      }
      List<String> holders = Holders.of(mountPoint);
      String who = holders.isEmpty() ? "processes of other users" : String.join(", ", holders);
      throw new AzcpException(
          Errno.EBUSY,
          "cannot unmount " + mountPoint + ": it is in use by " + who + "; end them, or use --lazy",
          e);
    }
  }

  /** What is pending stays in the journal when the mount has ended. */
  void leaveUploads() {
    leaveUploads = true;
  }

  boolean leavesUploads() {
    return leaveUploads;
  }

  /** Waits for the end of the mount, its last release included. */
  boolean awaitEnd(long millis) throws AzcpException {
    try {
      return ended.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AzcpException(Errno.EINTR, "interrupted while the unmount was waited for", e);
    }
  }

  boolean hasEnded() {
    return ended.getCount() == 0;
  }

  Binding binding() {
    return binding;
  }
}
