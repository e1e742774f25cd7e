package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * pjdfstest (github.com/pjd/pjdfstest), which nobody here wrote, on a mount. {@code PJDFSTEST_DIR}
 * names a built checkout of it, outside this one. What is red must be explained in
 * docs/semantics.md, and what is explained there must be red.
 */
class PjdfstestTest {
  private static final String FOLDER = "PJDFSTEST_DIR";
  private static final int MOST_RED = 25;
  private static final Pattern EXPLAINED = Pattern.compile("`([a-z]+/\\d\\d\\.t)`");
  private static final Pattern PLAN = Pattern.compile("(?m)^1\\.\\.(\\d+)");

  /** What is known to fail on this kernel is marked, and counts as passed. */
  private static final Pattern OK = Pattern.compile("(?m)^(ok \\d+|not ok .*# TODO)");

  private static final Pattern NOT_OK = Pattern.compile("(?m)^not ok (?!.*# TODO).*$");

  @Test
  void whatIsRedIsExplained() throws Exception {
    String named = System.getenv(FOLDER);
    assumeTrue(named != null, FOLDER + " does not name a built pjdfstest");
    assumeTrue("root".equals(System.getProperty("user.name")), "pjdfstest is for root");
    Path tests = Path.of(named).toAbsolutePath().resolve("tests");
    Map<String, String> red = new TreeMap<>();
    List<Path> files = scripts(tests);
    assertThat(files).isNotEmpty();
    try (Lab lab = new Lab()) {
      lab.rule("data", "pjd", "special_files: true");
      Checkout.Result mounted = lab.mount("--allow-other", "--umask=022");
      assertThat(mounted.code()).as(mounted.toString()).isZero();
      Path place = Files.createDirectory(lab.mountPoint.resolve("data/here"));
      for (Path script : files) {
        String failure = failure(place, script);
        if (!failure.isEmpty()) {
          red.put(tests.relativize(script).toString(), failure);
        }
      }
      assertThat(lab.umount().code()).isZero();
    }
    assertThat(red.keySet())
        .as("%s of %s files: %s", red.size(), files.size(), red)
        .isEqualTo(explained());
    assertThat(red).hasSizeLessThanOrEqualTo(MOST_RED);
  }

  private static List<Path> scripts(Path tests) throws IOException {
    try (Stream<Path> all = Files.walk(tests)) {
      return all.filter(f -> f.toString().endsWith(".t")).sorted().toList();
    }
  }

  /** The first failure of one file, or empty; a file that ended early failed. */
  private static String failure(Path place, Path script) {
    String out = Checkout.run(place, Map.of("LC_ALL", "C"), List.of("sh", script.toString())).out();
    Matcher failed = NOT_OK.matcher(out);
    if (failed.find()) {
      return failed.group().substring(0, Math.min(200, failed.group().length()));
    }
    Matcher plan = PLAN.matcher(out);
    long passed = OK.matcher(out).results().count();
    return plan.find() && Long.parseLong(plan.group(1)) == passed ? "" : "ended early";
  }

  private static Set<String> explained() throws IOException {
    String page = Files.readString(Checkout.root().resolve("docs/semantics.md"));
    Set<String> names = new TreeSet<>();
    EXPLAINED.matcher(page).results().forEach(r -> names.add(r.group(1)));
    return names;
  }
}
