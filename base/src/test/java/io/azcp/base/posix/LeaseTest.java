package io.azcp.base.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leases as evidence of who has a file open. */
class LeaseTest {
  private static final int OPENS = 5000;

  @TempDir Path folder;

  private int open(int flags) throws PosixException {
    return Fd.open(folder.resolve("file").toString(), flags | Fd.O_CREAT, 0600);
  }

  private void openAndClose() {
    try {
      for (int i = 0; i < OPENS; i++) {
        Fd.close(open(Fd.O_RDWR));
      }
    } catch (PosixException e) {
      throw new AssertionError(e);
    }
  }

  /** The kernel tells the holder of a lease by a signal, which by default ends the process. */
  @Test
  void whoOpensTheFileMeanwhileDoesNotEndTheProcessThatAsks() throws IOException {
    Fd.close(open(Fd.O_RDWR));
    int file = open(Fd.O_RDONLY);
    try {
      CompletableFuture<Void> opener = CompletableFuture.runAsync(this::openAndClose);
      while (!opener.isDone()) {
        Fd.quiescent(file);
        Fd.openNowhereElse(file);
      }
      opener.join();
      assertThat(Fd.quiescent(file)).isTrue();
      assertThat(Fd.openNowhereElse(file)).isTrue();
    } finally {
      Fd.close(file);
    }
  }

  @Test
  void anyOtherDescriptorIsSeen() throws IOException {
    int file = open(Fd.O_RDONLY);
    int other = open(Fd.O_RDONLY);
    boolean seen = !Fd.openNowhereElse(file);
    Fd.close(other);
    try {
      Assumptions.assumeTrue(seen, "this file system grants leases wrongly");
      assertThat(Fd.openNowhereElse(file)).isTrue();
      assertThat(Fd.quiescent(file)).isTrue();
    } finally {
      Fd.close(file);
    }
  }
}
