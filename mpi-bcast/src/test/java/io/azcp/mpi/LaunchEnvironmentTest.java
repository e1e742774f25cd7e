package io.azcp.mpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.UsageException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LaunchEnvironmentTest {
  @Test
  void theLibraryIsTheLaunchers() throws Exception {
    assertThat(first("OMPI_COMM_WORLD_SIZE", "4")).isEqualTo("libmpi.so.40");
    assertThat(first("OMPI_COMM_WORLD_SIZE", "4", "PMIX_RANK", "0")).isEqualTo("libmpi.so.40");
    assertThat(first("OMPI_COMM_WORLD_SIZE", "4", "PMI_RANK", "0")).isEqualTo("libmpi.so.40");
    assertThat(first("PMI_RANK", "0", "PMI_SIZE", "4")).isEqualTo("libmpich.so.12");
    assertThat(first("PMI_FD", "7")).isEqualTo("libmpich.so.12");
    assertThat(first("MPI_LOCALRANKID", "0")).isEqualTo("libmpich.so.12");
    assertThat(first("PMIX_RANK", "0")).isEqualTo("libmpi.so.40");
  }

  @Test
  void whereOnlyPmixIsSeenBothAreTried() throws Exception {
    assertThat(LaunchEnvironment.of(Map.of("PMIX_NAMESPACE", "a")).libraries())
        .containsExactly("libmpi.so.40", "libmpich.so.12", "libmpi.so.12");
  }

  @Test
  void aNamedLibraryIsTheOnlyOne() throws Exception {
    LaunchEnvironment named =
        LaunchEnvironment.of(Map.of("AZCP_MPI_LIB", "/opt/x/libmpi.so", "PMI_SIZE", "2"));
    assertThat(named.libraries()).containsExactly("/opt/x/libmpi.so");
    assertThat(named.size()).isEqualTo(2);
  }

  @Test
  void theSizeIsTheStepsAndNeverTheAllocations() throws Exception {
    assertThat(size("OMPI_COMM_WORLD_SIZE", "4", "SLURM_STEP_NUM_TASKS", "9")).isEqualTo(4);
    assertThat(size("PMI_SIZE", "5", "SLURM_STEP_NUM_TASKS", "9")).isEqualTo(5);
    assertThat(size("SLURM_STEP_NUM_TASKS", "9")).isEqualTo(9);
    assertThat(size("SLURM_NTASKS", "9")).isZero();
  }

  @Test
  void settingsOfALibraryAreNoLauncher() throws Exception {
    Map<String, String> settings =
        Map.of("OMPI_MCA_btl", "tcp,self", "SLURM_NTASKS", "8", "AZCP_MPI_LIB", "libmpi.so.40");
    assertThat(LaunchEnvironment.of(settings).launched()).isFalse();
    assertThat(LaunchEnvironment.of(Map.of("SLURM_STEP_NUM_TASKS", "1")).launched()).isFalse();
    assertThat(LaunchEnvironment.of(Map.of("SLURM_STEP_NUM_TASKS", "2")).launched()).isTrue();
    assertThat(LaunchEnvironment.of(Map.of("PMI_RANK", "0")).launched()).isTrue();
  }

  @Test
  void aSizeThatIsNoNumberIsTold() {
    assertThatThrownBy(() -> size("PMI_SIZE", "many"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("PMI_SIZE is 'many'");
  }

  private static String first(String... pairs) throws UsageException {
    return LaunchEnvironment.of(map(pairs)).libraries().get(0);
  }

  private static int size(String... pairs) throws UsageException {
    return LaunchEnvironment.of(map(pairs)).size();
  }

  private static Map<String, String> map(String... pairs) {
    Map<String, String> map = new java.util.HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }
}
