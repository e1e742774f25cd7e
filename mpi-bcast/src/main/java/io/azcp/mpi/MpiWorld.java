package io.azcp.mpi;

import io.azcp.base.AzcpException;
import io.azcp.base.UsageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/** Joins the run that this process was started for. */
public final class MpiWorld {
  /**
   * How long a rank may be silent. A dead process is noticed by its launcher in a few seconds; this
   * is for machines and networks that vanish. Far longer than TCP needs to repair a lost packet.
   */
  public static final Duration PATIENCE = Duration.ofSeconds(60);

  private MpiWorld() {}

  /**
   * Joins the processes of this run by the MPI library that matches the launcher (see {@code
   * docs/decisions/110-mpi-without-native-code.md}). A process that no launcher started is alone
   * and needs no MPI.
   *
   * @param environment this process' environment
   * @param patience how long a rank may be silent before all are ended
   * @param voice told, on any thread, what the user must know: at the start what will make this
   *     rank slow, later why it is about to end; each one line without a prefix
   * @throws UsageException if there is no library, or it is not the launcher's
   */
  public static Communicator open(
      Map<String, String> environment, Duration patience, Consumer<String> voice)
      throws AzcpException {
    LaunchEnvironment launch = LaunchEnvironment.of(environment);
    if (!launch.launched()) {
      return InProcessWorld.alone(HostName.own());
    }
    MpiLibrary mpi = MpiLibrary.load(launch.libraries());
    MpiThread thread = new MpiThread(mpi, patience);
    Watchdog watchdog = new Watchdog(thread, patience, voice);
    MpiThread.Facts facts = thread.start(watchdog::start);
    if (facts.size() == 1 && launch.size() > 1) {
      thread.finish();
      watchdog.stop();
      throw mismatch(launch, facts);
    }
    int processors = Runtime.getRuntime().availableProcessors();
    for (String warning : new Surroundings(Path.of("/"), processors).warnings()) {
      voice.accept(HostName.own() + ": " + warning);
    }
    MpiCommunicator communicator = new MpiCommunicator(thread, watchdog, facts);
    communicator.introduce();
    return communicator;
  }

  private static UsageException mismatch(LaunchEnvironment launch, MpiThread.Facts facts) {
    return new UsageException(
        HostName.own()
            + ": "
            + (launch.launcher().isEmpty()
                ? "the launcher"
                : "the launcher (" + launch.launcher() + ")")
            + " started "
            + launch.size()
            + " processes, but "
            + facts.version()
            + " sees only this one; start azcp with that library's mpirun, or name the launcher's"
            + " library in "
            + LaunchEnvironment.LIBRARY_VARIABLE
            + (launch.launcher().isEmpty() ? "; with srun, give --mpi=pmix or --mpi=pmi2" : ""));
  }
}
