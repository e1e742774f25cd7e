package io.azcp.fs.mount;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceCheckTest {
  @TempDir Path dir;

  @Test
  void aMissingDeviceIsNamedWithWhatToDo() {
    String device = dir.resolve("fuse").toString();
    assertThatThrownBy(() -> DeviceCheck.check(device))
        .hasMessageStartingWith(device + " is missing; load it with 'modprobe fuse'");
  }

  @Test
  void whatCannotBeOpenedIsSaid() {
    assertThatThrownBy(() -> DeviceCheck.check(dir.toString()))
        .hasMessage(dir + " cannot be opened: is a directory");
  }
}
