package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What applications do, written through a mount and read through the next one, whose cache is
 * empty: a check through a warm cache proves nothing. A tool that this machine lacks is skipped.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkloadsTest {
  private static final List<String> SCRIPTED =
      List.of(
          "safetensors",
          "checkpoint",
          "memmap",
          "scattered",
          "sqlite",
          "loader",
          "hub",
          "chunks",
          "log",
          "package");

  private Lab lab;
  private Path script;
  private Path source;
  private Path data;

  @BeforeAll
  void writeUnmountAndEmptyTheCache() throws Exception {
    lab = new Lab();
    script = lab.folder.resolve("workloads.py");
    try (var in = WorkloadsTest.class.getResourceAsStream("/workloads.py")) {
      Files.copy(in, script);
    }
    source = tree(lab.folder.resolve("source"));
    lab.rule("data", "d");
    assertThat(lab.mount().code()).isZero();
    data = lab.mountPoint.resolve("data");
    for (String name : SCRIPTED) {
      ok("python3", script.toString(), "write", name, data.resolve(name).toString());
    }
    writeRepository();
    Files.createDirectory(data.resolve("copies"));
    Files.createDirectory(data.resolve("built"));
    ok("cp", "-a", source.toString(), at("copies/cp"));
    ok("sh", "-c", "tar -cf - -C $0 . | (mkdir $1 && tar -xf - -C $1)", from(), at("copies/tar"));
    ok("tar", "-czf", at("copies/tree.tar.gz"), "-C", from(), ".");
    if (has("rsync")) {
      ok("rsync", "-a", from() + "/", at("copies/rsync/"));
      assertThat(ok("rsync", "-ai", from() + "/", at("copies/rsync/"))).isEmpty();
    }
    if (has("unzip")) {
      ok("python3", "-m", "zipfile", "-c", at("copies/tree.zip"), from() + "/d1", from() + "/d2");
      ok("unzip", "-q", at("copies/tree.zip"), "-d", at("copies/unzipped"));
    }
    for (String gone : List.of("copies/uploaded", "copies/pending")) {
      ok("cp", "-a", from(), at(gone));
      if (gone.equals("copies/uploaded")) {
        lab.ok("flush", data.toString());
        assertThat(lab.blobs()).anyMatch(blob -> blob.startsWith("d/" + gone));
      }
      ok("rm", "-rf", at(gone));
    }
    if (has("mvn")) {
      buildWithMaven(data.resolve("maven"));
    }
    if (has("gcc")) {
      Path program = lab.folder.resolve("program.c");
      Files.writeString(
          program, "#include <stdio.h>\nint main(void) { return puts(\"runs\") < 0; }");
      ok("gcc", "-o", at("built/program"), program.toString());
    }
    assertThat(lab.umount()).extracting(Checkout.Result::code).isEqualTo(0);
    ok("rm", "-rf", lab.cache.toString());
    assertThat(lab.mount().code()).isZero();
  }

  @AfterAll
  void unmount() throws IOException {
    try (Lab closed = lab) {
      assertThat(closed.umount().code()).isZero();
    }
  }

  /** A tree with an executable, a link, an empty directory and old times. */
  private static Path tree(Path root) throws IOException {
    for (int i = 0; i < 60; i++) {
      Path file = root.resolve("d" + i % 7 + "/sub").resolve("file " + i);
      Files.createDirectories(file.getParent());
      Files.write(file, SelfTelling.content(i, 1, i * 3001));
      Files.setLastModifiedTime(
          file, java.nio.file.attribute.FileTime.fromMillis(1_600_000_000_000L + i * 1000L));
    }
    Files.writeString(root.resolve("run.sh"), "#!/bin/sh\necho ran\n");
    Files.setPosixFilePermissions(
        root.resolve("run.sh"),
        java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createSymbolicLink(root.resolve("link"), Path.of("d1/sub"));
    Files.createDirectory(root.resolve("empty"));
    return root;
  }

  private void writeRepository() {
    Path origin = lab.folder.resolve("origin");
    ok("git", "init", "-q", origin.toString());
    for (int i = 0; i < 12; i++) {
      ok(
          "sh",
          "-c",
          "cd $0 && mkdir -p d$1 && seq $1 2000 > d$1/numbers && seq 0 $1 > last && git add . &&"
              + " git -c user.name=a -c user.email=a@b commit -qm 'change '$1",
          origin.toString(),
          Integer.toString(i));
    }
    ok("git", "clone", "-q", "file://" + origin, at("repository"));
    ok("git", "-C", at("repository"), "checkout", "-q", "-b", "here");
    ok(
        "sh",
        "-c",
        "cd $0 && echo more >> last && git -c user.name=a -c user.email=a@b commit -qam here"
            + " && git gc -q",
        at("repository"));
  }

  /** A build of a small project, with the plugins that this one is built with, offline. */
  private void buildWithMaven(Path project) throws IOException {
    Path sources = Files.createDirectories(project.resolve("src/main/java/sample"));
    Files.createDirectories(project.resolve("src/main/resources"));
    for (int i = 0; i < 20; i++) {
      Files.writeString(
          sources.resolve("Part" + i + ".java"),
          "package sample; class Part" + i + " { static int value() { return " + i + "; } }");
    }
    Files.writeString(
        sources.resolve("Main.java"),
        "package sample; public class Main { public static void main(String[] a) throws Exception {"
            + " System.out.println(Part19.value() + new String(Main.class.getResourceAsStream("
            + "\"/word.txt\").readAllBytes())); } }");
    Files.writeString(project.resolve("src/main/resources/word.txt"), " built");
    String plugins =
        Stream.of("resources", "compiler", "surefire", "jar")
            .map(WorkloadsTest::plugin)
            .collect(Collectors.joining());
    Files.writeString(
        project.resolve("pom.xml"),
        "<project><modelVersion>4.0.0</modelVersion><groupId>sample</groupId>"
            + "<artifactId>sample</artifactId><version>1</version><properties>"
            + "<maven.compiler.release>17</maven.compiler.release>"
            + "<project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>"
            + "<build><plugins>"
            + plugins
            + "</plugins></build></project>");
    List<String> command = new ArrayList<>(List.of("mvn", "-B", "-ntp", "-o", "-q"));
    String repository = System.getProperty("localRepository");
    if (repository != null) {
      command.add("-Dmaven.repo.local=" + repository);
    }
    command.addAll(List.of("-f", project.resolve("pom.xml").toString(), "package"));
    ok(command.toArray(String[]::new));
    ok("rm", "-rf", project.resolve("target/classes").toString());
    ok(command.toArray(String[]::new));
  }

  /** A plugin in the version that builds this project, so that no network is needed. */
  private static String plugin(String name) {
    try {
      Matcher version =
          Pattern.compile("<artifactId>maven-" + name + "-plugin</artifactId>\\s*(<version>[^<]+)")
              .matcher(Files.readString(Checkout.root().resolve("pom.xml")));
      assertThat(version.find()).as(name).isTrue();
      return "<plugin><artifactId>maven-"
          + name
          + "-plugin</artifactId>"
          + version.group(1)
          + "</version></plugin>";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String at(String place) {
    return data.resolve(place).toString();
  }

  private String from() {
    return source.toString();
  }

  private static boolean has(String tool) {
    return Checkout.run(Path.of("/"), Map.of(), List.of("sh", "-c", "command -v " + tool)).code()
        == 0;
  }

  /** Runs a tool that must succeed; answers what it says. */
  private String ok(String... command) {
    Checkout.Result result = Checkout.run(lab.folder, Map.of(), List.of(command));
    assertThat(result.code()).as(List.of(command) + "\n" + result).isZero();
    return result.out();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "safetensors",
        "checkpoint",
        "memmap",
        "scattered",
        "sqlite",
        "loader",
        "hub",
        "chunks",
        "log",
        "package"
      })
  void scripted(String name) {
    ok("python3", script.toString(), "check", name, at(name));
  }

  @Test
  void gitFindsItsRepositorySoundAndUnchanged() {
    String place = at("repository");
    ok("git", "-C", place, "fsck", "--full", "--strict");
    assertThat(ok("git", "-C", place, "log", "--oneline").lines()).hasSize(13);
    assertThat(ok("git", "-C", place, "status", "--porcelain")).isEmpty();
    assertThat(ok("git", "-C", place, "diff", "--stat", "HEAD~1")).contains("1 insertion");
  }

  @Test
  void copiedTreesAreTheSame() {
    for (String copy : List.of("cp", "tar")) {
      assertThat(ok("diff", "-r", "--no-dereference", from(), at("copies/" + copy))).isEmpty();
    }
    assertThat(ok(at("copies/cp/run.sh"))).isEqualTo("ran\n");
    assertThat(ok("readlink", at("copies/tar/link"))).isEqualTo("d1/sub\n");
  }

  @Test
  void anArchiveIsReadAndATreeIsArchived() {
    assertThat(ok("sh", "-c", "tar -xzf $0 -O | sha256sum", at("copies/tree.tar.gz")))
        .isEqualTo(ok("sh", "-c", "tar -czf - -C $0 . | tar -xzf - -O | sha256sum", from()));
    assertThat(ok("sh", "-c", "tar -cf - -C $0 . | tar -df - -C $1", at("copies/cp"), from()))
        .isEmpty();
  }

  @Test
  void rsyncFindsNothingToDo() {
    assumeThat(has("rsync")).as("rsync is not installed").isTrue();
    assertThat(ok("rsync", "-ai", from() + "/", at("copies/rsync/"))).isEmpty();
    assertThat(ok("rsync", "-aic", from() + "/", at("copies/rsync/"))).isEmpty();
  }

  @Test
  void anArchiveIsUnpackedOnTheMount() {
    assumeThat(has("unzip")).as("unzip is not installed").isTrue();
    ok("unzip", "-tq", at("copies/tree.zip"));
    for (String part : List.of("d1", "d2")) {
      String there = at("copies/unzipped/" + part);
      assertThat(ok("diff", "-r", from() + "/" + part, there)).isEmpty();
    }
  }

  @Test
  void removedTreesAreGoneHereAndInTheContainer() {
    assertThat(data.resolve("copies")).isNotEmptyDirectory();
    for (String gone : List.of("copies/uploaded", "copies/pending")) {
      assertThat(data.resolve(gone)).doesNotExist();
      assertThat(lab.blobs()).noneMatch(blob -> blob.startsWith("d/" + gone));
    }
  }

  @Test
  void whatMavenBuiltRuns() {
    assumeThat(has("mvn")).as("mvn is not installed").isTrue();
    String java = System.getProperty("java.home") + "/bin/java";
    String jar = at("maven/target/sample-1.jar");
    assertThat(ok(java, "-cp", jar, "sample.Main")).isEqualTo("19 built\n");
    assertThat(data.resolve("maven/target/classes/sample")).isDirectoryContaining("glob:**Part7*");
  }

  @Test
  void whatWasCompiledRuns() {
    assumeThat(has("gcc")).as("gcc is not installed").isTrue();
    assertThat(ok(at("built/program"))).isEqualTo("runs\n");
  }

  @Test
  void findAndDuSeeTheSameTree() {
    String list = "cd $0 && find . -printf '%y %m %s %T@ %p\\n' | grep -v '^d' | sort";
    assertThat(ok("sh", "-c", list, at("copies/cp"))).isEqualTo(ok("sh", "-c", list, from()));
    String sum = "du -s --apparent-size -B1 $0/d3 | cut -f1";
    long there = Long.parseLong(ok("sh", "-c", sum, at("copies/cp")).trim());
    assertThat(there).isPositive();
  }
}
