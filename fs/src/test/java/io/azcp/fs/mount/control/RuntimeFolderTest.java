package io.azcp.fs.mount.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.posix.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeFolderTest {
  @TempDir Path temp;

  private RuntimeFolder folder() throws Exception {
    return RuntimeFolder.of(Map.of(RuntimeFolder.VARIABLE, temp.resolve("run").toString()));
  }

  private LiveMount mount(RuntimeFolder folder) throws Exception {
    return new LiveMount(
        ProcessHandle.current().pid(),
        folder.socket(),
        "/c.yaml",
        5,
        List.of("/mnt/ä", "/other"),
        List.of(new LiveMount.LiveRule("/mnt/ä/data", "/cache", "account/container/p")));
  }

  @Test
  void aLiveMountIsFoundByPathsBelowIt() throws Exception {
    RuntimeFolder folder = folder();
    LiveMount mount = mount(folder);
    try (ControlServer server = new ControlServer(folder.socket(), (op, a, p) -> a)) {
      assertThat(server).isNotNull();
      folder.register(mount);

      assertThat(folder.live()).containsExactly(mount);
      assertThat(folder.serving("/mnt/ä/b")).contains(mount);
      assertThat(folder.serving("/mnt/äb")).isEmpty();
    }
  }

  @Test
  void whatADeadDaemonLeftIsRemoved() throws Exception {
    RuntimeFolder folder = folder();
    folder.register(mount(folder));
    assertThat(temp.resolve("run")).isNotEmptyDirectory();

    assertThat(folder.live()).isEmpty();
    assertThat(temp.resolve("run")).isEmptyDirectory();
  }

  @Test
  void aFolderOthersCanEnterIsRefused() throws Exception {
    Files.mkdirs(temp.resolve("run").toString(), 0700);
    Files.chmod(temp.resolve("run").toString(), 0755);

    assertThatThrownBy(this::folder).hasMessageContaining("only you can enter");
  }

  @Test
  void aSocketPathTooLongForTheKernelIsSaid() {
    var env = Map.of(RuntimeFolder.VARIABLE, temp.resolve("x".repeat(120)).toString());
    assertThatThrownBy(() -> RuntimeFolder.of(env).socket())
        .hasMessageContaining("too long for a socket");
  }
}
