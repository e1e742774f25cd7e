package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.azcp.mpi.CommunicatorContract;
import io.azcp.nodes.Job;
import io.azcp.nodes.Launcher;
import io.azcp.nodes.Nodes;
import io.azcp.nodes.RankProgram;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * The MPI binding over three nodes, with each launcher that is installed; both run at once, because
 * they mostly wait.
 */
class MpiRanksTest {
  private static final int RANKS = 3;

  /** Far more than a starved process needs for a word, in seconds. */
  private static final int PATIENCE = 5;

  @Test
  void theContractHoldsNullChecksStayTheJvmsAndARankMayComeLate() throws Exception {
    EachLauncher.over(
        RANKS,
        (launcher, nodes) -> {
          Job.Ended ended = ended(launcher, nodes, "promises");
          assertThat(ended.code()).as(ended.toString()).isZero();
          for (int rank = 0; rank < RANKS; rank++) {
            String who = "rank " + rank + ": ";
            assertThat(ended.out()).contains(who + "on node" + (rank + 1) + " with " + launcher);
            for (String check : CommunicatorContract.checks().keySet()) {
              assertThat(ended.out()).contains(who + "kept: " + check);
            }
            assertThat(ended.out()).contains(who + "caught 25000", who + "done");
          }
        });
  }

  @Test
  void oneRankEndsAllWithItsCode() throws Exception {
    EachLauncher.over(
        RANKS,
        (launcher, nodes) -> {
          Job.Ended ended = ended(launcher, nodes, "abort");
          assertThat(ended.code()).as(ended.toString()).isEqualTo(7);
          assertThat(ended.out()).doesNotContain("done");
        });
  }

  /** Open MPI's launcher itself waits longer for the daemon there, as the guide says. */
  @Test
  void aCutNetworkIsNoticedAndNamed() throws Exception {
    EachLauncher.over(
        RANKS,
        (launcher, nodes) -> {
          try (Job job = start(launcher, nodes, "broadcasts")) {
            awaitRounds(job);
            nodes.cut(2);
            job.awaitErr(
                "azcp: node1: nothing heard from rank 1 on node2 for 5 s while broadcasting; "
                    + "ending all ranks");
            assertAllGone(job.out());
            if (launcher == Launcher.MPICH) {
              assertThat(job.end().code()).isEqualTo(6);
            }
          }
        });
  }

  @Test
  void aKilledRankEndsAll() throws Exception {
    EachLauncher.over(
        RANKS,
        (launcher, nodes) -> {
          try (Job job = start(launcher, nodes, "broadcasts")) {
            awaitRounds(job);
            assertThat(process(job.out(), 1).orElseThrow().destroyForcibly()).isTrue();
            Job.Ended ended = job.end();
            assertThat(ended.code()).as(ended.toString()).isNotZero();
            assertThat(ended.out()).doesNotContain("done");
            assertAllGone(ended.out());
          }
        });
  }

  @Test
  void aLibraryThatIsNotTheLaunchersIsRefused() throws Exception {
    assumeTrue(Launcher.MPICH.missing().isEmpty(), Launcher.MPICH.missing());
    assumeTrue(Launcher.OPEN_MPI.missing().isEmpty(), Launcher.OPEN_MPI.missing());
    EachLauncher.over(
        RANKS,
        (launcher, nodes) -> {
          Launcher other = launcher == Launcher.MPICH ? Launcher.OPEN_MPI : Launcher.MPICH;
          Map<String, String> wrong = Map.of("AZCP_MPI_LIB", other.library());
          List<String> words = Launcher.java(RankProgram.class, "hello", PATIENCE);
          try (Job job = launcher.start(nodes, wrong, words)) {
            Job.Ended ended = job.end();
            assertThat(ended.code()).as(ended.toString()).isEqualTo(2);
            assertThat(ended.err())
                .contains("the launcher (" + launcher + ") started 3 processes, but " + other)
                .contains("sees only this one")
                .contains("AZCP_MPI_LIB");
            assertThat(ended.out()).doesNotContain("rank 0");
          }
        });
  }

  private static Job start(Launcher launcher, Nodes nodes, String work) throws IOException {
    return launcher.start(nodes, Map.of(), Launcher.java(RankProgram.class, work, PATIENCE));
  }

  private static Job.Ended ended(Launcher launcher, Nodes nodes, String work) throws IOException {
    try (Job job = start(launcher, nodes, work)) {
      return job.end();
    }
  }

  /** Until all have begun, and a broadcast is certainly under way or about to be. */
  private static void awaitRounds(Job job) {
    for (int rank = 0; rank < RANKS; rank++) {
      job.awaitOut("rank " + rank + ": round 10");
    }
  }

  private static void assertAllGone(String out) {
    for (int rank = 0; rank < RANKS; rank++) {
      int one = rank;
      Awaitility.await("rank " + rank)
          .atMost(Duration.ofMinutes(1))
          .until(() -> process(out, one).filter(ProcessHandle::isAlive).isEmpty());
    }
  }

  private static Optional<ProcessHandle> process(String out, int rank) {
    Matcher line = Pattern.compile("rank " + rank + ": pid (\\d+)").matcher(out);
    assertThat(line.find()).as("pid of rank %d", rank).isTrue();
    return ProcessHandle.of(Long.parseLong(line.group(1)));
  }
}
