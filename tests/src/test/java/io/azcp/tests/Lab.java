package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.sas.BlobContainerSasPermission;
import com.azure.storage.blob.sas.BlobServiceSasSignatureValues;
import com.azure.storage.common.StorageSharedKeyCredential;
import io.azcp.transfer.blob.AzuriteServer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One test's world: a folder, a container of its own in Azurite, configuration files, and mounts by
 * daemons of their own runtime folder. Closing it unmounts and ends everything it started.
 */
final class Lab implements AutoCloseable {
  private static final Pattern PID = Pattern.compile("\"pid\"\\s*:\\s*(\\d+)");

  final Path folder;
  final Path cache;
  final Path mountPoint;
  final String container;
  private final AzuriteServer azurite;
  private final StringBuilder rules = new StringBuilder();
  private final Map<String, String> environment = new HashMap<>();
  private String endpoint;

  Lab() throws IOException {
    azurite = AzuriteServer.shared();
    endpoint = azurite.endpoint();
    folder = Files.createTempDirectory("azcp-lab");
    cache = folder.resolve("cache");
    mountPoint = Files.createDirectory(folder.resolve("mnt"));
    container = "lab" + Long.toString(System.nanoTime(), 36);
    environment.put("AZCP_RUNTIME_DIR", Files.createDirectory(folder.resolve("run")).toString());
    environment.put("XDG_CACHE_HOME", Files.createDirectory(folder.resolve("xdg")).toString());
    environment.put("AZFUSE_STORAGE_ACCOUNT_CONFIG_FOLDER", folder.toString());
    Files.setPosixFilePermissions(
        folder.resolve("run"),
        java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
    account("account", azurite.key(), container);
    sdk().create();
  }

  /**
   * The container through the Azure SDK, an independent client that never passes a proxy of ours.
   */
  BlobContainerClient sdk() {
    return new BlobServiceClientBuilder()
        .endpoint(azurite.endpoint())
        .credential(new StorageSharedKeyCredential(azurite.account(), azurite.key()))
        .buildClient()
        .getBlobContainerClient(container);
  }

  /** Sends the mounts of this lab to another endpoint, as a proxy's. */
  void endpoint(String url) throws IOException {
    endpoint = url;
    account("account", azurite.key(), container);
  }

  /** Azurite's own endpoint. */
  String azuriteEndpoint() {
    return azurite.endpoint();
  }

  /** The URL of a blob or prefix of this lab's container, through its endpoint, with a SAS. */
  String url(String path) {
    StringBuilder encoded = new StringBuilder(endpoint).append('/').append(container);
    for (String part : path.isEmpty() ? new String[0] : path.split("/", -1)) {
      encoded
          .append('/')
          .append(URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"));
    }
    return encoded + "?" + sas();
  }

  private String sas() {
    BlobContainerSasPermission all = BlobContainerSasPermission.parse("racwdlt");
    return sdk()
        .generateSas(
            new BlobServiceSasSignatureValues(OffsetDateTime.now(ZoneOffset.UTC).plusDays(1), all));
  }

  /** Names of all blobs. */
  List<String> blobs() {
    return sdk().listBlobs().stream().map(BlobItem::getName).toList();
  }

  /** Writes an account file. */
  void account(String name, String key, String containerName) throws IOException {
    Files.writeString(
        folder.resolve(name + ".yaml"),
        "account_name: "
            + azurite.account()
            + "\naccount_key: "
            + key
            + "\nsas_token: null\ncontainer_name: "
            + containerName
            + "\nendpoint: "
            + endpoint
            + "\n");
  }

  /** Adds a rule; {@code options} are further YAML lines as {@code close: remote}. */
  Lab rule(String local, String remote, String... options) throws IOException {
    rules.append("- local: ").append(local).append("\n  remote: ").append(remote);
    rules.append("\n  cache: ").append(cache.resolve(local)).append("\n");
    rules.append("  storage_account: account\n");
    for (String option : options) {
      rules.append("  ").append(option).append('\n');
    }
    Files.writeString(config(), rules);
    return this;
  }

  Path config() {
    return folder.resolve("azfuse.yaml");
  }

  Map<String, String> environment() {
    return environment;
  }

  Checkout.Result azcp(String... arguments) {
    return Checkout.azcp(folder, environment, arguments);
  }

  /** The same; fails where it fails. */
  Checkout.Result ok(String... arguments) {
    Checkout.Result result = azcp(arguments);
    assertThat(result.code()).as(result.toString()).isZero();
    return result;
  }

  /** Mounts at {@link #mountPoint}. */
  Checkout.Result mount(String... options) {
    return mountAt(mountPoint, options);
  }

  Checkout.Result mountAt(Path place, String... options) {
    List<String> command = new ArrayList<>(List.of("mount", place.toString()));
    command.addAll(List.of("--config", config().toString()));
    command.addAll(List.of(options));
    return azcp(command.toArray(String[]::new));
  }

  /** Starts to mount; what it says goes to files whose names begin so. */
  Process startMount(Path said) throws IOException {
    return Checkout.start(
        folder,
        environment,
        Path.of(said + ".out"),
        Path.of(said + ".err"),
        "mount",
        mountPoint.toString(),
        "--config",
        config().toString());
  }

  Checkout.Result umount() {
    return azcp("umount", mountPoint.toString());
  }

  /** The daemons that are registered here. */
  List<ProcessHandle> daemons() throws IOException {
    List<ProcessHandle> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder.resolve("run"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
        Matcher m = PID.matcher(Files.readString(file));
        if (m.find()) {
          ProcessHandle.of(Long.parseLong(m.group(1))).ifPresent(found::add);
        }
      }
    }
    return found;
  }

  /** Kills every daemon with SIGKILL and waits until they are gone. */
  void killDaemons() throws IOException {
    List<ProcessHandle> daemons = daemons();
    if (daemons.isEmpty()) {
      throw new IllegalStateException("no daemon to kill");
    }
    for (ProcessHandle daemon : daemons) {
      daemon.destroyForcibly();
      daemon.onExit().orTimeout(1, TimeUnit.MINUTES).join();
    }
  }

  /** Kills everything that was started for {@link #mountPoint}, also what is not registered yet. */
  void killAll() {
    // The launcher may start another while this looks.
    List<ProcessHandle> found = mounting();
    while (!found.isEmpty()) {
      for (ProcessHandle each : found) {
        each.destroyForcibly();
        each.onExit().orTimeout(1, TimeUnit.MINUTES).join();
      }
      found = mounting();
    }
  }

  private List<ProcessHandle> mounting() {
    long self = ProcessHandle.current().pid();
    return ProcessHandle.allProcesses()
        .filter(p -> p.pid() != self && names(Path.of("/proc/" + p.pid() + "/cmdline")))
        .toList();
  }

  private boolean names(Path commandLine) {
    try {
      String words = Files.readString(commandLine, StandardCharsets.ISO_8859_1);
      return words.contains("\0mount\0" + mountPoint + "\0");
    } catch (IOException gone) {
      return false;
    }
  }

  void upload(String blob, byte[] content) {
    sdk().getBlobClient(blob).upload(com.azure.core.util.BinaryData.fromBytes(content), true);
  }

  byte[] download(String blob) {
    return sdk().getBlobClient(blob).downloadContent().toBytes();
  }

  void upload(String blob, String content) {
    upload(blob, content.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    List<ProcessHandle> daemons = daemons();
    for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
      String place = line.split(" ", -1)[1];
      if (place.startsWith(folder.toString())) {
        Checkout.run(Path.of("/"), Map.of(), List.of("umount", "-l", place));
      }
    }
    for (ProcessHandle daemon : daemons) {
      daemon.destroyForcibly();
      daemon.onExit().orTimeout(1, TimeUnit.MINUTES).join();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(p);
      }
    }
  }
}
