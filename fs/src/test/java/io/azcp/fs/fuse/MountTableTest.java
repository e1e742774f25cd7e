package io.azcp.fs.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MountTableTest {
  @Test
  void readsOptionalFieldsAndEscapes() {
    String text =
        """
        36 35 0:42 / /mnt/a\\040b\\134c rw,nosuid master:1 shared:2 - fuse.azcp odd\\040one rw
        37 35 8:1 / / rw - ext4 /dev/sda1 rw
        """;
    assertThat(MountTable.parse(text))
        .containsExactly(
            new MountTable.Mount("0:42", "/mnt/a b\\c", "fuse.azcp", "odd one"),
            new MountTable.Mount("8:1", "/", "ext4", "/dev/sda1"));
  }

  @Test
  void knowsItsOwnMounts() {
    assertThat(new MountTable.Mount("0:1", "/a", "fuse.azcp", "x"))
        .matches(MountTable.Mount::isFuse)
        .matches(MountTable.Mount::isOurs);
    assertThat(new MountTable.Mount("0:1", "/a", "fuse.sshfs", "x"))
        .matches(MountTable.Mount::isFuse)
        .matches(m -> !m.isOurs());
    assertThat(new MountTable.Mount("0:1", "/a", "fusectl", "x")).matches(m -> !m.isFuse());
  }

  @Test
  void seesTheRoot() throws Exception {
    assertThat(MountTable.at("/")).isPresent();
    assertThat(MountTable.at("/no/such/mount")).isEmpty();
  }
}
