package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/azcp} with a stand-in for java that tells how it was called. */
class LauncherTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final String TELLS = "echo \"args: $*\"\n";

  @TempDir Path dir;
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void layOut() throws IOException {
    Files.createDirectories(dir.resolve("lib"));
    Files.createFile(dir.resolve("lib/azcp-cli-1.jar"));
    Files.createFile(dir.resolve("lib/other.jar"));
  }

  @AfterEach
  void end() {
    for (Process process : started) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  @Test
  void passesArgumentsAsTheyAre() throws Exception {
    Result result = launch(jdk("17.0.1", TELLS + "printf '<%s>' \"$@\"\n"), "ls", "a  b", "*", "");
    assertThat(result.code).isZero();
    assertThat(result.out).contains("-cp " + dir + "/lib/azcp-cli-1.jar:" + dir + "/lib/other.jar");
    assertThat(result.out).endsWith("<io.azcp.cli.Azcp><ls><a  b><*><>");
  }

  @Test
  void givesEachJvmOnlyFlagsItKnows() throws Exception {
    assertThat(launch(jdk("17.0.15", TELLS), "ls").out).doesNotContain("native-access");
    assertThat(launch(jdk("25.0.3", TELLS), "ls").out)
        .contains("--enable-native-access=ALL-UNNAMED")
        .contains("--sun-misc-unsafe-memory-access=allow");
  }

  @Test
  void keepsTheSecondCompilerForCryptographyAndDaemons() throws Exception {
    Path jdk = jdk("17", TELLS);
    String directives =
        "-XX:CompilerDirectivesFile="
            + launcher().resolveSibling("compiler-directives.json").toRealPath();
    assertThat(launch(jdk, "ls", "https://a/b").out).contains(directives);
    assertThat(launch(jdk, "copy", "a", "http://h/a/b").out).contains(directives);
    assertThat(launch(jdk, "--log-level", "debug", "mount", "--foreground").out)
        .doesNotContain(directives)
        .contains("-Xms98304k -Xmn65536k");
  }

  @Test
  void sizesHeapAndBuffersFromTheMemoryAllowed() throws Exception {
    Path jdk = jdk("17", TELLS);
    assertThat(launch(jdk, "ls").out).contains("-Xmx524288k").doesNotContain("-Dazcp.memory");
    assertThat(launch(jdk, "--memory", "256MiB", "ls").out)
        .contains("-Xmx131072k")
        .contains("-XX:MaxDirectMemorySize=67108864")
        .contains("-Dazcp.memory=268435456");
    assertThat(launch(jdk, "copy", "--memory=0.5gib", "a", "b").out)
        .contains("-Dazcp.memory=536870912");
    assertThat(launch(jdk, "copy", "--memory", "200MB").out).contains("-Dazcp.memory=200000000 ");
    assertThat(launch(jdk, "copy", "--memory", "lots").out).doesNotContain("-Dazcp.memory");
    Map<String, String> environment = new HashMap<>(environment(jdk));
    environment.put("AZCOPY_BUFFER_GB", "0.25");
    assertThat(run(List.of(launcher().toString(), "copy"), environment).out)
        .contains("-Dazcp.memory=268435456");
  }

  @Test
  void answersTheProgramsExitCodeAndSetsTheLocale() throws Exception {
    Result result = launch(jdk("17", "echo $LC_ALL ${AZCP_DAEMON:-none}\nexit 3\n"), "ls");
    assertThat(result.code).isEqualTo(3);
    assertThat(result.out).isEqualTo("C.UTF-8 none\n");
  }

  @Test
  void worksThroughALinkFromAnotherDirectory() throws Exception {
    Path link = dir.resolve("link");
    Files.createSymbolicLink(link, launcher());
    Files.createSymbolicLink(dir.resolve("link2"), link);
    Result result =
        run(List.of(dir.resolve("link2").toString(), "ls"), environment(jdk("17", TELLS)));
    assertThat(result.code).isZero();
    assertThat(result.out).startsWith("args: ");
  }

  @Test
  void picksTheNewestJdk() throws Exception {
    Path jdk = jdk("9999.1", "echo the newest\n");
    Map<String, String> environment =
        Map.of("AZCP_LIB", dir.resolve("lib").toString(), "JAVA_HOME", jdk.toString());
    assertThat(run(List.of(launcher().toString(), "ls"), environment).out)
        .isEqualTo("the newest\n");
  }

  @Test
  void saysHowToBuildWhatIsNotBuilt() throws Exception {
    Path copy = Files.createDirectories(dir.resolve("checkout/bin")).resolve("azcp");
    Files.copy(launcher(), copy, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    Result result = run(List.of(copy.toString(), "ls"), Map.of("AZCP_LIB", ""));
    assertThat(result.code).isEqualTo(1);
    assertThat(result.err).startsWith("azcp: the program is not built").contains("mvn");
  }

  @Test
  void letsAPreparationGoOnOnlyWhereItShall() throws Exception {
    Path jdk = jdk("17", "echo \"daemon ${AZCP_DAEMON:-none}\"\necho azcp-ready\nexit 3\n");
    assertThat(launch(jdk, "prepare", "--background", "data").out).isEqualTo("daemon 1\n");
    assertThat(launch(jdk, "-c", "name", "d", "data", "--background").out).isEqualTo("daemon 1\n");
    assertThat(launch(jdk, "prepare", "data").out).startsWith("daemon none");
    assertThat(launch(jdk, "ls", "--background").out).startsWith("daemon none");
  }

  @Test
  void leavesTheDaemonRunningOnceItIsReady() throws Exception {
    Path pid = dir.resolve("pid");
    Path jdk =
        jdk(
            "17",
            "echo \"mounted, $AZCP_DAEMON\"\necho $$ >"
                + pid
                + "\necho azcp-ready\nexec >/dev/null 2>&1\nexec sleep 600\n");
    Result result = launch(jdk, "mount", "/mnt/x");
    ProcessHandle daemon = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).get();
    try {
      assertThat(result.code).isZero();
      assertThat(result.out).isEqualTo("mounted, 1\n");
      assertThat(daemon.isAlive()).isTrue();
      // Field 6 of proc_pid_stat(5): a session of its own is led by itself.
      String[] stat = Files.readString(Path.of("/proc/" + daemon.pid() + "/stat")).split(" ", -1);
      assertThat(stat[5]).isEqualTo(Long.toString(daemon.pid()));
    } finally {
      daemon.destroyForcibly();
    }
  }

  @Test
  void answersTheExitCodeOfADaemonThatDidNotBecomeReady() throws Exception {
    Result result = launch(jdk("17", "echo trying\necho 'azcp: no' >&2\nexit 7\n"), "mount");
    assertThat(result.code).isEqualTo(7);
    assertThat(result.out).isEqualTo("trying\n");
    assertThat(result.err).isEqualTo("azcp: no\n");
  }

  @Test
  void endsTheDaemonWhenItIsEndedWhileItWaits() throws Exception {
    Path pid = dir.resolve("pid");
    Path jdk =
        jdk("17", "echo $$ >" + pid + ".new\nmv " + pid + ".new " + pid + "\nexec sleep 600\n");
    Process launcher = start(List.of(launcher().toString(), "mount"), environment(jdk));
    await().atMost(LIMIT).until(() -> Files.exists(pid));
    ProcessHandle daemon = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).get();
    launcher.destroy();
    assertThat(launcher.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(launcher.exitValue()).isEqualTo(143);
    await().atMost(LIMIT).until(() -> !daemon.isAlive());
  }

  private Path jdk(String version, String script) throws IOException {
    Path home = Files.createTempDirectory(dir, "jdk");
    Files.writeString(home.resolve("release"), "A=\"b\"\nJAVA_VERSION=\"" + version + "\"\n");
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/usr/bin/env bash\n" + script);
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    return home;
  }

  private Map<String, String> environment(Path jdk) {
    return Map.of("AZCP_LIB", dir.resolve("lib").toString(), "AZCP_JAVA", jdk + "/bin/java");
  }

  private Result launch(Path jdk, String... args) throws Exception {
    List<String> command = new ArrayList<>(List.of(launcher().toString()));
    command.addAll(List.of(args));
    return run(command, environment(jdk));
  }

  private Process start(List<String> command, Map<String, String> environment) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(dir.toFile());
    builder.environment().putAll(environment);
    builder.redirectOutput(dir.resolve("out").toFile()).redirectError(dir.resolve("err").toFile());
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private Result run(List<String> command, Map<String, String> environment) throws Exception {
    Process process = start(command, environment);
    assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return new Result(
        process.exitValue(),
        Files.readString(dir.resolve("out"), StandardCharsets.UTF_8),
        Files.readString(dir.resolve("err"), StandardCharsets.UTF_8));
  }

  private static Path launcher() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isExecutable(folder.resolve("bin/azcp"))) {
      folder = folder.getParent();
      assertThat(folder).as("a folder above with bin/azcp").isNotNull();
    }
    return folder.resolve("bin/azcp");
  }

  private record Result(int code, String out, String err) {}
}
