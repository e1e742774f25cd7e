package io.azcp.nodes;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Nodes named node1, node2 and so on, at 10.77.0.1, 10.77.0.2 and so on, each with a network card,
 * a host name, a {@code /dev/shm} and a disk of its own: {@code tests/src/test/nodes/nodes.sh} says
 * more. They go when this is closed, and also when this JVM is killed. Any number of such worlds
 * may be there at once; none sees another.
 */
public final class Nodes implements AutoCloseable {
  private final Path state;
  private final Process script;
  private final int count;

  private Nodes(Path state, Process script, int count) {
    this.state = state;
    this.script = script;
    this.count = count;
  }

  /** Why there can be no nodes here, or an empty text. */
  public static String missing() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return "nodes in namespaces need root";
    }
    for (String tool : List.of("unshare", "nsenter", "ip")) {
      if (!Job.onPath(tool)) {
        return "nodes in namespaces need " + tool;
      }
    }
    try {
      Process trial =
          new ProcessBuilder("unshare", "-n", "-u", "-m", "-i", "ip", "link", "add", "type", "veth")
              .redirectErrorStream(true)
              .start();
      String said = new String(trial.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return trial.waitFor() == 0 ? "" : "no namespaces can be made here: " + said.strip();
    } catch (IOException e) {
      return "no namespaces can be made here: " + e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  /** So many nodes with disks of 1 GiB. */
  public static Nodes up(int count) throws IOException {
    return up(count, Map.of());
  }

  /**
   * So many nodes.
   *
   * @param disks the sizes of some nodes' disks, by the node's number, as tmpfs takes them
   */
  public static Nodes up(int count, Map<Integer, String> disks) throws IOException {
    Path folder = Files.createTempDirectory("azcp-nodes");
    Path state = folder.resolve("s");
    ProcessBuilder builder =
        new ProcessBuilder(
            script("nodes.sh").toString(), state.toString(), Integer.toString(count));
    disks.forEach((node, size) -> builder.environment().put("NODE_DISK_" + node, size));
    Process script = builder.redirectError(folder.resolve("err").toFile()).start();
    BufferedReader said = script.inputReader();
    if (!"ready".equals(said.readLine())) {
      String why = Files.readString(folder.resolve("err"));
      end(script, folder);
      throw new IOException("the nodes could not be made: " + why.strip());
    }
    return new Nodes(state, script, count);
  }

  private static Path script(String name) throws IOException {
    for (Path p = Path.of("").toAbsolutePath(); p != null; p = p.getParent()) {
      Path script = p.resolve("tests/src/test/nodes").resolve(name);
      if (Files.exists(script)) {
        return script;
      }
    }
    throw new IOException("no tests/src/test/nodes above the working directory");
  }

  public int count() {
    return count;
  }

  /** The nodes' names. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      names.add(name(i));
    }
    return names;
  }

  static String name(int node) {
    return "node" + node;
  }

  /** What the launcher's agent, {@link #agent}, needs to know. */
  public Map<String, String> environment() {
    return Map.of("NODES_STATE", state.toString());
  }

  /** The program by which launchers start their daemons on other nodes. */
  public Path agent() throws IOException {
    return script("agent.sh");
  }

  /** The command that runs another inside a node; its environment needs {@link #environment}. */
  public List<String> inside(int node, List<String> command) throws IOException {
    return inside(name(node), command);
  }

  /** The same on the machine that is none of the nodes and sees all, as a server. */
  public List<String> insideStore(List<String> command) throws IOException {
    return inside("store", command);
  }

  /** The address of that machine. */
  public String storeAddress() {
    return "10.77.0.254";
  }

  private List<String> inside(String name, List<String> command) throws IOException {
    String words =
        command.stream()
            .map(word -> "'" + word.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
    return List.of(agent().toString(), name, "exec " + words);
  }

  /** Where each node sees its own disk. */
  public Path local() {
    return state.resolve("local");
  }

  /** A node's disk as this process sees it; valid while the nodes are up. */
  public Path disk(int node) throws IOException {
    String pid = Files.readString(state.resolve("pids").resolve(name(node))).strip();
    return Path.of("/proc", pid, "root").resolve(Path.of("/").relativize(local()));
  }

  /** What {@code /proc/PID/ns/net} of the processes inside a node is. */
  public Path network(int node) throws IOException {
    String pid = Files.readString(state.resolve("pids").resolve(name(node))).strip();
    return Files.readSymbolicLink(Path.of("/proc", pid, "ns/net"));
  }

  /** Cuts a node's network: its card stays up, and nothing that it sends arrives. */
  public void cut(int node) throws IOException {
    link("port" + node, "nomaster");
  }

  /** Joins it to the others again. */
  public void join(int node) throws IOException {
    link("port" + node, "master", "br0");
  }

  private void link(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("ip", "link", "set"));
    command.addAll(List.of(words));
    try (Job job = Job.start(insideStore(command), environment())) {
      Job.Ended ended = job.end();
      if (ended.code() != 0) {
        throw new IOException(String.join(" ", command) + ": " + ended);
      }
    }
  }

  @Override
  public void close() throws IOException {
    end(script, state.getParent());
  }

  /** The end of its input is what the script waits for. */
  private static void end(Process script, Path folder) throws IOException {
    script.getOutputStream().close();
    try {
      if (!script.waitFor(4, TimeUnit.MINUTES)) {
        script.destroy();
        throw new IOException("the nodes do not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    Files.deleteIfExists(folder.resolve("err"));
    Files.deleteIfExists(folder);
  }
}
