package io.azcp.fs.mount;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryStagingCheckTest {
  @TempDir Path root;

  private boolean deletes(int uid) {
    return new MemoryStagingCheck(root, uid).deletes();
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void isSafeWhereNoLogindRuns() {
    assertThat(deletes(1000)).isFalse();
  }

  @Test
  void isNotSafeForAUserUnlessLogindIsToldSo() throws IOException {
    Files.createDirectories(root.resolve("run/systemd/users"));
    assertThat(deletes(1000)).isTrue();
    write("etc/systemd/logind.conf", "[Login]\n#RemoveIPC=no\nRemoveIPC = no\n");
    assertThat(deletes(1000)).isFalse();
    write("usr/lib/systemd/logind.conf.d/50-ipc.conf", "[Login]\nRemoveIPC=yes\n");
    assertThat(deletes(1000)).isTrue();
    write("etc/systemd/logind.conf.d/60-ipc.conf", "[Login]\nRemoveIPC=off\n");
    assertThat(deletes(1000)).isFalse();
  }

  @Test
  void isSafeForRootAndSystemUsers() throws IOException {
    Files.createDirectories(root.resolve("run/systemd/users"));
    assertThat(deletes(0)).isFalse();
    assertThat(deletes(999)).isFalse();
  }
}
