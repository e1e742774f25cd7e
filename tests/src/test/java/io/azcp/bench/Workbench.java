package io.azcp.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Folders on tmpfs, a certificate, and the stand-in servers that rows ask for. Closing it removes
 * all of them.
 */
final class Workbench implements AutoCloseable {
  private static final Duration WARMING = Duration.ofMinutes(1);

  private final Path folder;
  private final Path keys;
  private final Path certificate;
  private final Pattern pattern;
  private final Map<Integer, StandIn> servers = new HashMap<>();
  private Source laid;
  private StandIn current;

  private Workbench(Path folder) throws IOException {
    this.folder = folder;
    this.keys = folder.resolve("keys.p12");
    this.certificate = folder.resolve("certificate.pem");
    this.pattern = Pattern.in(folder);
  }

  /** Makes one in a new folder below the given one. */
  static Workbench in(Path parent) throws IOException {
    var bench = new Workbench(Files.createTempDirectory(parent, "azcp-bench-"));
    try {
      bench.certify();
      Runtime.getRuntime().addShutdownHook(new Thread(bench::closeOnSignal));
      return bench;
    } catch (IOException e) {
      bench.close();
      throw e;
    }
  }

  private static String tool(String name) {
    return System.getProperty("java.home") + "/bin/" + name;
  }

  private void certify() throws IOException {
    List<String> store =
        List.of("-keystore", keys.toString(), "-storepass", StandInServer.PASSWORD);
    call(
        store,
        "-genkeypair -alias stand-in -keyalg EC -groupname secp256r1 -dname CN=localhost -validity 9"
            + " -storetype PKCS12 -ext san=dns:localhost,ip:127.0.0.1 -ext bc:critical=ca:false");
    call(store, "-exportcert -rfc -alias stand-in -file " + certificate);
  }

  private static void call(List<String> store, String words) throws IOException {
    var command = new ArrayList<>(List.of(tool("keytool")));
    command.addAll(Arrays.asList(words.split(" ", -1)));
    command.addAll(store);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("keytool failed: " + said);
      }
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  /** Readies what a row needs. */
  void ready(Row row) throws IOException {
    if (row.source() != laid && (row.source() != null || laid != null)) {
      remove(sourceFolder());
      laid = row.source();
      if (laid != null) {
        laid.write(sourceFolder(), pattern);
      }
    }
    current = servers.get(row.delayed());
    if (current == null) {
      current = StandIn.start(folder, keys, row.delayed());
      servers.put(row.delayed(), current);
      warm();
    }
  }

  /** Has a new server compile what it does often, so that no client waits for it. */
  private void warm() throws IOException {
    List<List<String>> requests =
        List.of(
            curlNowhere(http("big")),
            curlNowhere(https("big")),
            curl("-o", "/dev/null", http("tiny") + "/d0000/f000000[0-9].bin?[1-1000]"),
            curl("-o", "/dev/null", https("small-md5") + "/d0000/f000[0000-0999].bin"),
            pageByPage(http("million"), 500_000));
    for (List<String> request : requests) {
      if (current.delay() == 0) {
        Child.run(request, Map.of(), output(), errors(), WARMING);
      }
    }
  }

  String http(String container) {
    return "http://localhost:" + current.http() + StandIn.ACCOUNT + container;
  }

  String https(String container) {
    return "https://localhost:" + current.https() + StandIn.ACCOUNT + container;
  }

  Path certificate() {
    return certificate;
  }

  private Path sourceFolder() {
    return folder.resolve("source");
  }

  /** Where what is uploaded lies. */
  String source() {
    return sourceFolder().toString();
  }

  /** Where downloads go; does not exist before a run. */
  String destination() {
    return folder.resolve("destination").toString();
  }

  Path output() {
    return folder.resolve("out");
  }

  Path errors() {
    return folder.resolve("err");
  }

  /** Touches the memory that a run takes which writes so many bytes into the destination. */
  TouchedMemory touch(long bytes) throws IOException {
    return TouchedMemory.in(folder, bytes);
  }

  /** Empties the destination and answers how many bytes of files lay there. */
  long clear() throws IOException {
    return remove(Path.of(destination()));
  }

  List<String> curl(String... words) {
    var command =
        new ArrayList<>(List.of("curl", "-sSf", "--noproxy", "*", "--cacert", "" + certificate));
    command.addAll(List.of(words));
    return command;
  }

  /** Four files at once. */
  List<String> curlBig(String url) {
    String files = url + "/d0000/f000000[0-3].bin";
    return curl("-Z", "--create-dirs", "-o", destination() + "/#1", files);
  }

  List<String> curlNowhere(String url) {
    List<String> command = curl("-Z");
    for (int i = 0; i < Dataset.of("big").count(); i++) {
      command.addAll(List.of("-o", "/dev/null", url + "/" + Dataset.of("big").name(i)));
    }
    return command;
  }

  List<String> curlUp(String url) {
    List<String> command = curl("-Z", "-H", "x-ms-blob-type: BlockBlob", "-H", "Expect:");
    for (int i = 0; i < Dataset.of("big").count(); i++) {
      String name = Dataset.of("big").name(i);
      command.addAll(List.of("-T", source() + "/" + name, url + "/" + name));
    }
    return command;
  }

  /** 64 files at once, as many as curl may. */
  List<String> curlSmall(String url) {
    Dataset small = Dataset.of("small");
    List<String> command = curl("-Z", "--parallel-max", "64", "--create-dirs");
    for (int first = 0; first < small.count(); first += small.perDirectory()) {
      String numbers = "[%s-%s]".formatted(padded(first), padded(first + small.perDirectory() - 1));
      String directory = small.directory(first);
      command.addAll(
          List.of(
              "-o",
              destination() + "/" + directory + "/#1",
              url + "/" + directory + "/f" + numbers + ".bin"));
    }
    return command;
  }

  private static String padded(int number) {
    return Dataset.padded(number, 7);
  }

  /** One stream of pages of 5,000 names. */
  List<String> pageByPage(String url, int names) {
    return curl(
        "-o",
        "/dev/null",
        url + "?restype=container&comp=list&marker=2!mk![0-" + (names - 1) + ":5000]");
  }

  private static long remove(Path root) throws IOException {
    if (!Files.exists(root)) {
      return 0;
    }
    var bytes = new long[1];
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            bytes[0] += attributes.size();
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException failure)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
    return bytes[0];
  }

  /** Gigabytes must not stay in memory because somebody pressed ^C. */
  private void closeOnSignal() {
    try {
      close();
    } catch (IOException e) {
      System.err.println("bench: remove " + folder + " yourself: " + e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    for (StandIn server : servers.values()) {
      server.close();
    }
    remove(folder);
  }
}
