package io.azcp.tests;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.azcp.nodes.Launcher;
import io.azcp.nodes.Nodes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Runs a case with each launcher that is installed, at once, because they mostly wait. */
final class EachLauncher {
  /** What is done with one launcher, in a world of its own. */
  interface Case {
    /** Runs on a thread of its own. */
    void run(Launcher launcher, Nodes nodes) throws Exception;
  }

  private EachLauncher() {}

  /** Runs it over so many nodes; skips the test, with the reason, where there can be none. */
  static void over(int count, Case body) throws Exception {
    String reason = Nodes.missing();
    assumeTrue(reason.isEmpty(), reason);
    List<Launcher> here =
        Arrays.stream(Launcher.values()).filter(one -> one.missing().isEmpty()).toList();
    assumeTrue(!here.isEmpty(), Launcher.OPEN_MPI.missing());
    List<FutureTask<Void>> all = new ArrayList<>();
    for (Launcher launcher : here) {
      FutureTask<Void> one =
          new FutureTask<>(
              () -> {
                try (Nodes nodes = Nodes.up(count)) {
                  body.run(launcher, nodes);
                }
                return null;
              });
      all.add(one);
      new Thread(one, launcher.toString()).start();
    }
    Throwable first = null;
    for (FutureTask<Void> one : all) {
      try {
        one.get();
      } catch (ExecutionException e) {
        first = first == null ? e.getCause() : first;
      }
    }
    if (first != null) {
      throw new AssertionError(first.getMessage(), first);
    }
  }
}
