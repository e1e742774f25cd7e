package io.azcp.mpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SurroundingsTest {
  @TempDir Path root;

  @BeforeEach
  void aMachine() throws IOException {
    write("sys/devices/system/cpu/online", "0-3,8,10-11\n");
    limits("unlimited");
  }

  @Test
  void aBoundRankIsTold() {
    assertThat(new Surroundings(root, 1).warnings())
        .singleElement()
        .asString()
        .contains("1 of 7 processors", "--bind-to none");
    assertThat(new Surroundings(root, 2).warnings()).isEmpty();
  }

  @Test
  void theOnlyProcessorIsEnough() throws IOException {
    write("sys/devices/system/cpu/online", "0\n");
    assertThat(new Surroundings(root, 1).warnings()).isEmpty();
  }

  @Test
  void littleLockedMemoryMattersWithRdma() throws IOException {
    limits("8388608");
    assertThat(new Surroundings(root, 4).warnings()).isEmpty();
    Files.createDirectories(root.resolve("sys/class/infiniband/mlx5_0"));
    assertThat(new Surroundings(root, 4).warnings())
        .singleElement()
        .asString()
        .contains("8192 KiB", "ulimit -l unlimited");
    limits("unlimited");
    assertThat(new Surroundings(root, 4).warnings()).isEmpty();
  }

  @Test
  void whatCannotBeReadIsNoReason() throws IOException {
    Files.createDirectories(root.resolve("sys/class/infiniband/mlx5_0"));
    assertThat(new Surroundings(root.resolve("nowhere"), 1).warnings()).isEmpty();
  }

  private void limits(String locked) throws IOException {
    write(
        "proc/self/limits",
        "Limit                     Soft Limit           Hard Limit           Units\n"
            + "Max locked memory         "
            + locked
            + "            unlimited            bytes\n");
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
