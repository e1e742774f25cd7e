package io.azcp.mpi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the launcher and the machine allow a rank, and what of it will make it slow: said once at
 * the start, because nothing fails.
 */
final class Surroundings {
  /** What the buffers of a run with ordinary options take. */
  private static final long LOCKED_BYTES = 1L << 30;

  private static final String LOCKED = "Max locked memory";

  private final Path root;
  private final int processors;

  /**
   * A machine.
   *
   * @param root above {@code proc} and {@code sys}
   * @param processors that this process may use
   */
  Surroundings(Path root, int processors) {
    this.root = root;
    this.processors = processors;
  }

  /** One sentence for each thing that the user should change. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    int online = online();
    if (processors == 1 && online > 1) {
      warnings.add(
          "this rank may use 1 of "
              + online
              + " processors; if the launcher has bound it there, free it: mpirun --bind-to none,"
              + " srun --cpus-per-task");
    }
    long locked = locked();
    if (hasRdma() && locked < LOCKED_BYTES) {
      warnings.add(
          "this rank may lock "
              + locked / 1024
              + " KiB of memory, and RDMA locks the buffers of broadcasts; allow more: ulimit -l"
              + " unlimited, in containers IPC_LOCK");
    }
    return warnings;
  }

  private int online() {
    int count = 0;
    for (String range : text("sys/devices/system/cpu/online").strip().split(",", -1)) {
      if (range.matches("\\d+(-\\d+)?")) {
        String[] ends = range.split("-", -1);
        count += Integer.parseInt(ends[ends.length - 1]) - Integer.parseInt(ends[0]) + 1;
      }
    }
    return count;
  }

  private boolean hasRdma() {
    try (Stream<Path> cards = Files.list(root.resolve("sys/class/infiniband"))) {
      return cards.findAny().isPresent();
    } catch (IOException e) {
      return false;
    }
  }

  /** The limit in bytes; without one, or where it cannot be read, as many as there are. */
  private long locked() {
    return text("proc/self/limits")
        .lines()
        .filter(line -> line.startsWith(LOCKED))
        .map(line -> line.substring(LOCKED.length()).strip().split("\\s+", 2)[0])
        .filter(limit -> limit.matches("\\d{1,18}"))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }

  private String text(String file) {
    try {
      return Files.readString(root.resolve(file));
    } catch (IOException e) {
      return "";
    }
  }
}
