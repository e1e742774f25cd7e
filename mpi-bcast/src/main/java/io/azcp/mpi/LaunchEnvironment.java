package io.azcp.mpi;

import io.azcp.base.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the environment tells about who started this process: which MPI library understands that
 * launcher, and how many processes there are.
 *
 * <p>The wrong library does not fail. It makes every process rank 0 of 1, so the number is what
 * tells.
 *
 * @param launcher for messages, or empty where no launcher is seen
 * @param libraries the names to try, in this order
 * @param size how many processes were started, or 0 where that is not told
 */
record LaunchEnvironment(String launcher, List<String> libraries, int size) {
  /** Names the library to use, as a file or as the dynamic linker finds it. */
  static final String LIBRARY_VARIABLE = "AZCP_MPI_LIB";

  /** Open MPI's name since version 2, in version 5 still the same. */
  private static final List<String> OPEN_MPI = List.of("libmpi.so.40");

  /** Debian's MPICH, and the common name of MPICH, Intel MPI, MVAPICH and Cray MPICH. */
  private static final List<String> MPICH = List.of("libmpich.so.12", "libmpi.so.12");

  static LaunchEnvironment of(Map<String, String> environment) throws UsageException {
    String own = environment.getOrDefault(LIBRARY_VARIABLE, "");
    String launcher = launcher(environment);
    List<String> libraries = new ArrayList<>();
    if (!own.isEmpty()) {
      libraries.add(own);
    } else if (launcher.equals("MPICH")) {
      libraries.addAll(MPICH);
    } else if (launcher.equals("Open MPI")) {
      libraries.addAll(OPEN_MPI);
    } else {
      libraries.addAll(OPEN_MPI);
      libraries.addAll(MPICH);
    }
    return new LaunchEnvironment(launcher, List.copyOf(libraries), size(environment));
  }

  /** Whether there is anything to join: a launcher, or several processes. */
  boolean launched() {
    return !launcher.isEmpty() || size > 1;
  }

  private static String launcher(Map<String, String> environment) {
    if (has(environment, "OMPI_")) {
      return "Open MPI";
    }
    if (has(environment, "PMI_") || environment.containsKey("MPI_LOCALRANKID")) {
      return "MPICH";
    }
    return has(environment, "PMIX_") ? "PMIx" : "";
  }

  /**
   * Variables that only a launcher sets: users export others of these prefixes for whole sessions.
   */
  private static boolean has(Map<String, String> environment, String prefix) {
    List<String> marks =
        switch (prefix) {
          case "OMPI_" -> List.of("OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK");
          case "PMI_" -> List.of("PMI_RANK", "PMI_SIZE", "PMI_FD", "PMI_PORT");
          default -> List.of("PMIX_RANK", "PMIX_NAMESPACE");
        };
    return marks.stream().anyMatch(environment::containsKey);
  }

  /** Never SLURM_NTASKS: it speaks of the allocation, and mpirun inside it may start fewer. */
  private static int size(Map<String, String> environment) throws UsageException {
    for (String name : List.of("OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS")) {
      String value = environment.get(name);
      if (value != null) {
        try {
          return Integer.parseInt(value.strip());
        } catch (NumberFormatException e) {
          throw new UsageException(
              name + " is '" + value + "', which is no number of processes", e);
        }
      }
    }
    return 0;
  }
}
