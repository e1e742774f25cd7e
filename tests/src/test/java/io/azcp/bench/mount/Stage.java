package io.azcp.bench.mount;

import io.azcp.bench.StandIn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Where rows are played: a folder, stand-in servers, and the azcp of this checkout. */
final class Stage implements AutoCloseable {
  private static final String SAS = "sv=2024-11-04&sig=c3RhbmQtaW4%3D";

  private final Path azcp;
  private final Path java;
  private final Path folder;
  private final Map<Integer, StandIn> servers = new HashMap<>();

  /**
   * A stage in a new folder.
   *
   * @param azcp the launcher
   * @param jdk the JDK that azcp runs on
   * @param parent where cache and copies lie
   */
  Stage(Path azcp, Path jdk, Path parent) throws IOException {
    this.azcp = azcp;
    this.java = jdk.resolve("bin/java");
    this.folder = Files.createTempDirectory(parent, "azcp-bench-");
    var private_ = PosixFilePermissions.fromString("rwx------");
    Files.setPosixFilePermissions(Files.createDirectory(folder.resolve("run")), private_);
    // Else the first run makes the class-data archive behind the measurement's back.
    azcp("--make-archive");
  }

  /** A path below the stage's folder. */
  Path folder(String name) {
    return folder.resolve(name);
  }

  /** The server whose answers take so many milliseconds. */
  StandIn server(int delay) throws IOException {
    StandIn server = servers.get(delay);
    if (server == null) {
      server = StandIn.start(folder, null, delay);
      servers.put(delay, server);
    }
    return server;
  }

  /** Mounts a container with an empty cache; {@code options} are further words of the command. */
  Mounted mount(StandIn server, String container, String... options) throws IOException {
    return mount(server, container, List.of(), options);
  }

  /** The same; {@code keys} are further lines of the rule. */
  Mounted mount(StandIn server, String container, List<String> keys, String... options)
      throws IOException {
    remove(folder.resolve("cache"));
    Files.createDirectories(folder.resolve("mnt"));
    Files.writeString(
        folder.resolve("account.yaml"),
        String.join(
            "\n",
            "account_name: devstoreaccount1",
            "account_key: null",
            "sas_token: " + SAS,
            "container_name: " + container,
            "endpoint: " + server.endpoint(),
            ""));
    List<String> rule = new ArrayList<>(List.of("- local: data", "  remote: ''"));
    rule.add("  cache: " + folder.resolve("cache"));
    rule.add("  storage_account: account");
    keys.forEach(key -> rule.add("  " + key));
    Files.write(folder.resolve("azfuse.yaml"), rule);
    return mountAgain(options);
  }

  /** Mounts the container mounted last with the cache that it has now. */
  Mounted mountAgain(String... options) throws IOException {
    Path place = folder.resolve("mnt");
    List<String> words = new ArrayList<>(List.of("mount", place.toString(), "--config"));
    words.add(folder.resolve("azfuse.yaml").toString());
    words.addAll(List.of(options));
    azcp(words.toArray(String[]::new));
    return new Mounted(this, place.resolve("data"));
  }

  /** Has the kernel forget names and attributes that nobody uses; needs root. */
  void forgetNames() throws IOException {
    Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "2");
  }

  /** Bytes of the files in a folder of the cache; 0 where there is none. */
  double size(String name) throws IOException {
    Path place = folder.resolve("cache").resolve(name);
    if (!Files.exists(place)) {
      return 0;
    }
    double bytes = 0;
    try (Stream<Path> all = Files.walk(place)) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(path);
      }
    }
    return bytes;
  }

  /** Runs azcp to its end; answers its seconds. */
  double azcp(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of(azcp.toString()));
    command.addAll(List.of(words));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("AZCP_JAVA", java.toString());
    builder.environment().put("AZCP_RUNTIME_DIR", folder.resolve("run").toString());
    builder.environment().put("XDG_CACHE_HOME", folder.resolve("log").toString());
    builder.environment().put("AZFUSE_STORAGE_ACCOUNT_CONFIG_FOLDER", folder.toString());
    builder.environment().put("AZURE_STORAGE_SAS_TOKEN", SAS);
    Path said = folder.resolve("said");
    builder.redirectOutput(said.toFile());
    long start = System.nanoTime();
    int code = await(builder.start());
    double seconds = (System.nanoTime() - start) / 1e9;
    if (code != 0) {
      throw new IOException(
          "azcp " + words[0] + ": " + Files.readString(said, StandardCharsets.UTF_8));
    }
    return seconds;
  }

  static int await(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  static void remove(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Override
  public void close() throws IOException {
    servers.values().forEach(StandIn::close);
    remove(folder);
  }
}
