package io.azcp.nodes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The launchers of MPI, as Debian installs them side by side. */
public enum Launcher {
  /** {@code mpirun.openmpi}. */
  OPEN_MPI("Open MPI", "mpirun.openmpi", "openmpi-bin", "libmpi.so.40"),
  /** {@code mpirun.mpich}. */
  MPICH("MPICH", "mpirun.mpich", "mpich", "libmpich.so.12");

  private final String title;
  private final String program;
  private final String debianPackage;
  private final String library;

  Launcher(String title, String program, String debianPackage, String library) {
    this.title = title;
    this.program = program;
    this.debianPackage = debianPackage;
    this.library = library;
  }

  /** The library that understands it. */
  public String library() {
    return library;
  }

  /** Why it cannot be used here, or an empty text. */
  public String missing() {
    return Job.onPath(program)
        ? ""
        : program + " is not installed (Debian and Ubuntu: " + debianPackage + ")";
  }

  /** The C compiler that knows the library. */
  public String compiler() {
    return this == OPEN_MPI ? "mpicc.openmpi" : "mpicc.mpich";
  }

  /** Starts so many ranks of a program on this machine. */
  public Job start(int ranks, Map<String, String> environment, List<String> words)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(program, "-np", Integer.toString(ranks)));
    if (this == OPEN_MPI) {
      command.addAll(List.of("--oversubscribe", "--mca", "mpi_yield_when_idle", "1"));
    }
    addVariables(command, environment);
    command.addAll(words);
    return Job.start(command, own());
  }

  /** Starts one rank of a program on each of the nodes; the launcher itself runs on the first. */
  public Job start(Nodes nodes, Map<String, String> environment, List<String> words)
      throws IOException {
    return start(nodes, nodes.names(), environment, words);
  }

  /**
   * Starts a rank of a program for each name of a node, in this order; a node named twice gets two.
   */
  public Job start(
      Nodes nodes, List<String> hosts, Map<String, String> environment, List<String> words)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(program, "-np", Integer.toString(hosts.size())));
    String agent = nodes.agent().toString();
    Map<String, String> variables = new TreeMap<>(environment);
    if (this == OPEN_MPI) {
      command.addAll(List.of("--host", slots(hosts), "--mca", "plm_rsh_agent", agent));
      command.addAll(List.of("--mca", "pml", "ob1", "--mca", "btl", "tcp,self"));
      command.addAll(List.of("--mca", "btl_tcp_if_include", "eth0"));
      command.addAll(List.of("--mca", "oob_tcp_if_include", "eth0"));
      command.addAll(List.of("--mca", "mpi_yield_when_idle", "1"));
      // It would bind each of two ranks to the first core of its machine.
      command.addAll(List.of("--bind-to", "none"));
    } else {
      command.addAll(List.of("-hosts", String.join(",", hosts)));
      command.addAll(List.of("-launcher", "rsh", "-launcher-exec", agent, "-iface", "eth0"));
      // Otherwise it finds that all share a machine, and goes past the network.
      variables.putIfAbsent("UCX_TLS", "tcp,self");
      variables.putIfAbsent("UCX_NET_DEVICES", "eth0");
    }
    addVariables(command, variables);
    command.addAll(words);
    Map<String, String> all = new HashMap<>(own());
    all.putAll(nodes.environment());
    return Job.start(nodes.inside(1, command), all);
  }

  private static String slots(List<String> hosts) {
    Map<String, Integer> slots = new TreeMap<>();
    hosts.forEach(host -> slots.merge(host, 1, Integer::sum));
    return String.join(
        ",", hosts.stream().distinct().map(host -> host + ":" + slots.get(host)).toList());
  }

  private void addVariables(List<String> command, Map<String, String> environment) {
    environment.forEach(
        (name, value) -> {
          if (this == OPEN_MPI) {
            command.addAll(List.of("-x", name + "=" + value));
          } else {
            command.addAll(List.of("-genv", name, value));
          }
        });
  }

  /** What the launcher itself needs. */
  private static Map<String, String> own() {
    return Map.of("OMPI_ALLOW_RUN_AS_ROOT", "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
  }

  /** The words that start a class of the tests as a rank, on the JVM that runs the tests. */
  public static List<String> java(Class<?> main, Object... arguments) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    words.addAll(List.of("-Xmx128m", "-XX:MaxDirectMemorySize=1g", "-XX:+UseSerialGC"));
    words.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xss512k"));
    if (Runtime.version().feature() >= 24) {
      words.add("--enable-native-access=ALL-UNNAMED");
    }
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    for (Object argument : arguments) {
      words.add(argument.toString());
    }
    return words;
  }

  /** Compiles a program of {@code tests/src/test/native}. */
  public void compile(String source, Path program) throws IOException {
    try (Job job =
        Job.start(
            List.of(compiler(), "-O2", "-Wall", "-o", program.toString(), source(source)),
            Map.of())) {
      Job.Ended ended = job.end();
      if (ended.code() != 0) {
        throw new IOException(source + ": " + ended);
      }
    }
  }

  private static String source(String name) throws IOException {
    for (Path p = Path.of("").toAbsolutePath(); p != null; p = p.getParent()) {
      Path file = p.resolve("tests/src/test/native").resolve(name);
      if (Files.exists(file)) {
        return file.toString();
      }
    }
    throw new IOException("no " + name + " above the working directory");
  }

  @Override
  public String toString() {
    return title;
  }
}
