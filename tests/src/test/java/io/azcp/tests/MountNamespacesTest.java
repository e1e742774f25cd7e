package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.azcp.base.posix.Identity;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Unmounting what a mount namespace keeps that was made while the mount was there. */
class MountNamespacesTest {
  private static final String CLOSED = "closed";

  @BeforeEach
  void canBeMade() throws IOException {
    assumeTrue(Identity.euid() == 0, "mount namespaces take root");
    assumeTrue(Files.exists(Path.of("/dev/fuse")), "there is no /dev/fuse here");
    Checkout.Result tried = Checkout.run(Path.of("/"), Map.of(), List.of("unshare", "-m", "true"));
    assumeTrue(tried.code() == 0, "no mount namespace can be made here: " + tried);
  }

  @Test
  void theDaemonEndsWhenNothingIsOpenThere() throws Exception {
    try (Lab lab = new Lab()) {
      lab.rule("data", "d", "upload_delay: 10m");
      lab.mount();
      ProcessHandle daemon = lab.daemons().get(0);
      Path file = lab.mountPoint.resolve("data/file");
      try (Shell shell = new Shell(lab.mountPoint, "echo in; read go; cat data/file; echo $?")) {
        // The shell's working directory is of the other namespace, as a container's would be.
        shell.expect("in");
        Files.writeString(file, "written");

        lab.ok("umount", lab.mountPoint.toString());

        daemon.onExit().get(1, TimeUnit.MINUTES);
        assertThat(lab.download("d/file")).asString().isEqualTo("written");
        shell.go();
        shell.expect("1");
      }
    }
  }

  @Test
  void whatIsOpenThereIsServedOnNamedAndUploaded() throws Exception {
    try (Lab lab = new Lab()) {
      lab.rule("data", "d", "upload_delay: 100ms");
      lab.mount();
      ProcessHandle daemon = lab.daemons().get(0);
      String script =
          "exec 3>data/open; echo one >&3; echo in; read go; echo two >&3; exec 3>&-; "
              + "echo closed; read go";
      try (Shell shell = new Shell(lab.mountPoint, script)) {
        shell.expect("in");

        Checkout.Result held = lab.umount();

        assertThat(held.code()).as(held.toString()).isEqualTo(1);
        assertThat(held.err()).contains("(" + shell.pid() + ") in its mount namespace");
        assertThat(daemon.isAlive()).isTrue();
        shell.go();
        shell.expect(CLOSED);
        daemon.onExit().get(1, TimeUnit.MINUTES);
        assertThat(lab.download("d/open")).asString().isEqualTo("one\ntwo\n");
      }
    }
  }

  /** A shell in a mount namespace of its own, made when it starts. */
  private static final class Shell implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final Writer in;

    Shell(Path folder, String script) throws IOException {
      process =
          new ProcessBuilder(
                  "unshare",
                  "-m",
                  "--propagation",
                  "private",
                  "sh",
                  "-c",
                  "cd \"$0\"; " + script,
                  folder.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .directory(folder.getParent().toFile())
              .start();
      out = process.inputReader(StandardCharsets.UTF_8);
      in = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** What it does not say within a minute, it does not say. */
    void expect(String line) throws Exception {
      String said = CompletableFuture.supplyAsync(this::line).get(1, TimeUnit.MINUTES);
      assertThat(said).isEqualTo(line);
    }

    private String line() {
      try {
        return out.readLine();
      } catch (IOException e) {
        return e.toString();
      }
    }

    void go() throws IOException {
      in.write("\n");
      in.flush();
    }

    long pid() {
      return process.pid();
    }

    @Override
    public void close() throws IOException {
      process.destroyForcibly();
      process.onExit().orTimeout(1, TimeUnit.MINUTES).join();
      in.close();
      out.close();
    }
  }
}
