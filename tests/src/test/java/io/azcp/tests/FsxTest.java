package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * fsx (ltp/fsx of github.com/kdave/xfstests), which nobody here wrote, on mounts: random reads,
 * writes, truncations and maps of one file, each read compared with what must be there. {@code
 * FSX_BIN} names the program, built outside this checkout; the property {@code azcp.fsx.operations}
 * says how many operations a seed has. What fsx leaves must be what the service has in the end.
 */
class FsxTest {
  private static final String PROGRAM = "FSX_BIN";
  private static final int SEEDS = 5;
  private static final int OPERATIONS = Integer.getInteger("azcp.fsx.operations", 100_000);

  /** Closes and opens again about every that many operations, so that uploads come in between. */
  private static final int REOPENED = 10;

  /** Each of which takes as long as some thirty without. */
  private static final int FEWER = 30;

  // semantics: data
  @ParameterizedTest
  @CsvSource({"kernel,true", "kernel,false", "jnr,true", "jnr,false"})
  void noBadData(String binding, boolean mapped) throws Exception {
    run(binding, mapped, "2s", OPERATIONS, List.of());
  }

  /** Uploads start at each close, so that every open takes a file back that was just committed. */
  // semantics: data
  @ParameterizedTest
  @CsvSource({"kernel,true", "kernel,false", "jnr,true", "jnr,false"})
  void noBadDataAcrossUploads(String binding, boolean mapped) throws Exception {
    run(binding, mapped, "0s", OPERATIONS / FEWER, List.of("-c", "" + REOPENED));
  }

  private static void run(
      String binding, boolean mapped, String delay, int operations, List<String> more)
      throws Exception {
    String program = System.getenv(PROGRAM);
    assumeTrue(program != null, PROGRAM + " does not name a built fsx");
    Map<String, byte[]> left = new TreeMap<>();
    try (Lab lab = new Lab()) {
      lab.rule("data", "fsx", "upload_delay: " + delay);
      Checkout.Result mounted = lab.mount("--binding", binding);
      assertThat(mounted.code()).as(mounted.toString()).isZero();
      for (int seed = 1; seed <= SEEDS; seed++) {
        String name = "seed-" + seed;
        Path file = lab.mountPoint.resolve("data").resolve(name);
        List<String> command = new ArrayList<>(List.of(program, "-q"));
        command.addAll(List.of("-S", "" + seed, "-N", "" + operations));
        command.addAll(List.of("-P", lab.folder.toString()));
        command.addAll(more);
        command.addAll(mapped ? List.of() : List.of("-R", "-W"));
        command.add(file.toString());
        Checkout.Result result = Checkout.run(lab.folder, Map.of(), command);
        assertThat(result.code()).as("%s: %s", command, result).isZero();
        left.put(name, Files.readAllBytes(file));
      }
      Checkout.Result ended = lab.umount();
      assertThat(ended.code()).as(ended.toString()).isZero();
      for (Map.Entry<String, byte[]> file : left.entrySet()) {
        assertThat(lab.download("fsx/" + file.getKey())).isEqualTo(file.getValue());
      }
    }
  }
}
