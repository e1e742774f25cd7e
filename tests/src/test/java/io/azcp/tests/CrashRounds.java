package io.azcp.tests;

import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobListDetails;
import com.azure.storage.blob.models.ListBlobsOptions;
import io.azcp.fs.mount.control.ControlClient;
import io.azcp.fs.mount.control.Message;
import io.azcp.fs.writeback.JournalStates;
import io.azcp.tests.CrashWeather.Service;
import io.azcp.transfer.blob.FaultProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Rounds of work, kill, mount and comparison in one container. Used by one thread. */
final class CrashRounds implements AutoCloseable {
  private static final int WORKLOADS = 2;
  private static final int LONGEST_MILLIS = 900;
  private static final int SHORTEST_MILLIS = 30;
  private static final int LONGEST_MOUNT_MILLIS = 1500;

  /** One mount in so many is killed while it starts. */
  private static final int KILLED_MOUNTS = 5;

  private final Lab lab = new Lab();
  private final FaultProxy proxy = FaultProxy.to(lab.azuriteEndpoint());
  private final CrashWeather weather = new CrashWeather(proxy);
  private final Path data = lab.mountPoint.resolve("data");
  private final long seed;
  private final List<CrashWorkload> workloads = new ArrayList<>();
  private final Map<String, Integer> states = new TreeMap<>();
  private final List<Service> services;
  private int pendingRounds;
  private int refusedCalls;
  private int rounds;
  private int killedMounts;
  private int refusedMounts;

  CrashRounds(long seed, List<Service> services) throws IOException {
    this.seed = seed;
    this.services = services;
    int fileMode = mode(Files.createFile(lab.folder.resolve("any-file")));
    int directoryMode = mode(Files.createDirectory(lab.folder.resolve("any-directory")));
    lab.endpoint(proxy.endpoint());
    lab.rule("data", "data", "upload_delay: 50ms");
    mount();
    for (int i = 0; i < WORKLOADS; i++) {
      Path root = data.resolve("w" + i);
      Files.createDirectory(root);
      workloads.add(new CrashWorkload(root, fileMode, directoryMode));
    }
    flush();
  }

  private void mount() {
    Checkout.Result mounted = lab.mount();
    if (mounted.code() != 0) {
      throw new IllegalStateException("not mounted: " + mounted);
    }
  }

  private static int mode(Path p) throws IOException {
    return (int) Files.getAttribute(p, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
  }

  /** A mount that is killed while it starts, perhaps in the middle of taking over. */
  private void killMount(Random random) throws Exception {
    Path said = lab.folder.resolve("killed");
    Process mount = lab.startMount(said);
    Thread.sleep(random.nextInt(LONGEST_MOUNT_MILLIS));
    lab.killAll();
    mount.waitFor(1, TimeUnit.MINUTES);
    killedMounts++;
  }

  /** Mounts; where the service refuses still, that may be refused, too. */
  private void mountAgain(Service service, Random random) throws Exception {
    if (!service.lasts()) {
      weather.clear();
      mount();
      return;
    }
    if (lab.mount().code() == 0) {
      pause(random);
      weather.clear();
    } else {
      refusedMounts++;
      weather.clear();
      mount();
    }
  }

  /** One round; answers what is wrong, in words. */
  List<String> run(int round) throws Exception {
    var random = new Random(seed * 1_000_003 + round);
    Service service = services.get(round % services.size());
    rounds++;
    weather.begin(service, new Random(random.nextLong()));
    List<CompletableFuture<IOException>> running = new ArrayList<>();
    for (CrashWorkload w : workloads) {
      long own = random.nextLong();
      running.add(CompletableFuture.supplyAsync(() -> w.runUntilKilled(own)));
    }
    if (service == Service.AWAY_THEN_BACK) {
      pause(random);
      proxy.refuse();
      pause(random);
      proxy.forward();
    }
    pause(random);
    if (service == Service.AWAY_IN_THE_END) {
      proxy.refuse();
      pause(random);
    }
    List<String> wrong = new ArrayList<>();
    for (CompletableFuture<IOException> each : running) {
      if (each.isDone()) {
        refused(service, each.join(), wrong);
      }
    }
    lab.killDaemons();
    for (CompletableFuture<IOException> each : running) {
      each.get(1, TimeUnit.MINUTES);
    }
    Map<String, Integer> met = JournalStates.of(lab.cache.resolve("data"));
    pendingRounds += met.containsKey("nothing pending") ? 0 : 1;
    List<String> journal = JournalStates.dump(lab.cache.resolve("data"));
    if (random.nextInt(KILLED_MOUNTS) == 0) {
      killMount(random);
      met.putAll(JournalStates.of(lab.cache.resolve("data")));
    }
    met.keySet().forEach(s -> states.merge(s, 1, Integer::sum));
    mountAgain(service, random);
    flush(wrong);
    if (service.lasts()) {
      // What was answered from the folder alone is asked of the service now.
      lab.ok("refresh", data.toString());
    }
    compare(wrong);
    if (!wrong.isEmpty()) {
      explain(wrong, journal);
    }
    return wrong;
  }

  /** Adds what was done last, what the journal had, and what the daemons said. */
  private void explain(List<String> wrong, List<String> journal) throws IOException {
    for (CrashWorkload w : workloads) {
      wrong.add("\ncalls: " + String.join("; ", w.calls));
    }
    wrong.add("\njournal:\n" + String.join("\n", journal));
    Path recovered = lab.cache.resolve("data/.azcp/recovered");
    if (Files.isDirectory(recovered)) {
      wrong.add("\nrecovered: " + read(recovered).keySet());
    }
    try (Stream<Path> logs = Files.walk(lab.folder.resolve("xdg"))) {
      for (Path log : logs.filter(f -> f.toString().endsWith(".log")).toList()) {
        wrong.add("\n" + log.getFileName() + ":\n" + Files.readString(log));
      }
    }
  }

  private void pause(Random random) throws InterruptedException {
    Thread.sleep(SHORTEST_MILLIS + random.nextInt(LONGEST_MILLIS - SHORTEST_MILLIS));
  }

  /** A call that failed while the daemon lived: only where the service gives a reason. */
  private void refused(Service service, IOException failure, List<String> wrong) {
    if (!service.mayFailCalls()) {
      wrong.add("a call failed while the daemon lived: " + failure);
    }
    refusedCalls++;
  }

  private String socket() throws IOException {
    long pid = lab.daemons().get(0).pid();
    return lab.folder.resolve("run/" + pid + ".sock").toString();
  }

  private void flush() throws IOException {
    List<String> wrong = new ArrayList<>();
    flush(wrong);
    if (!wrong.isEmpty()) {
      throw new IllegalStateException(wrong.toString());
    }
  }

  private void flush(List<String> wrong) throws IOException {
    Message left;
    try (ControlClient client = ControlClient.connect(socket())) {
      left =
          client.call(
              "flush",
              Message.empty().with("path", data.toString()),
              ControlClient.ProgressLine.NONE);
    }
    if (!left.flag("complete")) {
      wrong.add("not flushed: " + left.json());
    }
  }

  private void compare(List<String> wrong) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    var folders = new TreeSet<String>();
    Map<String, Integer> modes = new TreeMap<>();
    ListBlobsOptions query =
        new ListBlobsOptions()
            .setPrefix("data/")
            .setDetails(new BlobListDetails().setRetrieveMetadata(true));
    for (BlobItem blob : lab.sdk().listBlobs(query, null)) {
      String name = blob.getName().substring("data/".length());
      Map<String, String> metadata = blob.getMetadata();
      if (metadata != null && metadata.containsKey("permissions")) {
        modes.put(name, Integer.parseInt(metadata.get("permissions")) & 07777);
      }
      if (metadata != null && "true".equals(metadata.get("hdi_isfolder"))) {
        folders.add(name);
      } else {
        files.put(name, lab.download(blob.getName()));
      }
    }
    for (int i = 0; i < workloads.size(); i++) {
      String top = "w" + i + "/";
      Map<String, byte[]> own = below(files, top);
      var ownFolders = new TreeSet<String>();
      folders.stream()
          .filter(f -> f.startsWith(top))
          .forEach(f -> ownFolders.add(f.substring(top.length())));
      own.keySet().stream()
          .filter(n -> n.contains("/"))
          .forEach(n -> ownFolders.add(n.substring(0, n.indexOf('/'))));
      for (String problem : workloads.get(i).model.settle(own, ownFolders, below(modes, top))) {
        wrong.add(top + problem);
      }
    }
    for (Map.Entry<String, Integer> permissions : modes.entrySet()) {
      int seen = mode(data.resolve(permissions.getKey()));
      if (seen != permissions.getValue()) {
        wrong.add(
            String.format(
                "the mount shows %s with the permissions %o, the container has %o",
                permissions.getKey(), seen, permissions.getValue()));
      }
    }
    Map<String, byte[]> seen = read(data);
    if (!seen.keySet().equals(files.keySet())) {
      wrong.add("the mount shows " + seen.keySet() + ", the container has " + files.keySet());
    }
    seen.forEach(
        (name, content) -> {
          if (!Arrays.equals(content, files.get(name))) {
            wrong.add("the mount reads other bytes of " + name + " than the container has");
          }
        });
  }

  private static <T> Map<String, T> below(Map<String, T> files, String top) {
    Map<String, T> own = new TreeMap<>();
    files.forEach(
        (name, content) -> {
          if (name.startsWith(top)) {
            own.put(name.substring(top.length()), content);
          }
        });
    return own;
  }

  private static Map<String, byte[]> read(Path folder) throws IOException {
    Map<String, byte[]> seen = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path p : all.filter(Files::isRegularFile).toList()) {
        seen.put(folder.relativize(p).toString(), Files.readAllBytes(p));
      }
    }
    return seen;
  }

  long calls() {
    return workloads.stream()
        .mapToLong(w -> w.answered.values().stream().mapToLong(Integer::longValue).sum())
        .sum();
  }

  int killedWithSomethingPending() {
    return pendingRounds;
  }

  List<String> statesMissed() {
    return JournalStates.ALL.stream().filter(s -> !states.containsKey(s)).toList();
  }

  /** How often each fault was met. */
  Map<String, Integer> faults() {
    return weather.faults();
  }

  /** Figures of all rounds. */
  String report() throws IOException {
    Map<CrashWorkload.Kind, Integer> answered = new EnumMap<>(CrashWorkload.Kind.class);
    for (CrashWorkload w : workloads) {
      w.answered.forEach((kind, n) -> answered.merge(kind, n, Integer::sum));
    }
    Path recovered = lab.cache.resolve("data/.azcp/recovered");
    long kept = Files.isDirectory(recovered) ? read(recovered).size() : 0;
    return rounds
        + " rounds of seed "
        + seed
        + ", the service "
        + weather.rounds()
        + ", faults "
        + weather.faults()
        + ", mounts that were killed while they started "
        + killedMounts
        + " and refused "
        + refusedMounts
        + "; answered "
        + answered
        + "; calls refused because of the service "
        + refusedCalls
        + "; files never closed, kept in recovered: "
        + kept
        + "; kills that met a journal in these states: "
        + states;
  }

  @Override
  public void close() throws IOException {
    try {
      lab.umount();
    } finally {
      lab.close();
      proxy.close();
    }
  }
}
