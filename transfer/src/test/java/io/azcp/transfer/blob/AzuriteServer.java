package io.azcp.transfer.blob;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An Azurite blob server for tests, on a free loopback port with a folder of its own. It ends with
 * {@link #close} or with this JVM, however that ends. Its executable is named by the system
 * property or variable {@code AZCP_AZURITE}, or lies in the checkout's {@code .tools}.
 */
public final class AzuriteServer implements AutoCloseable {
  /** The account every Azurite has, and its key, which is public ("Use Azurite"). */
  private static final String ACCOUNT = "devstoreaccount1";

  private static final String KEY =
      "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

  private static final Pattern LISTENING = Pattern.compile("listens on http://127.0.0.1:(\\d+)");
  private static final long START_SECONDS = 180;
  private static AzuriteServer shared;

  private final Process process;
  private final Path folder;
  private final int port;

  private AzuriteServer(Process process, Path folder, int port) {
    this.process = process;
    this.folder = folder;
    this.port = port;
  }

  /** The one server of this JVM; it is never closed before the JVM ends. */
  public static synchronized AzuriteServer shared() {
    if (shared == null) {
      shared = start();
      Runtime.getRuntime().addShutdownHook(new Thread(shared::close, "azurite-stop"));
    }
    return shared;
  }

  /** A server of the caller's own. */
  public static AzuriteServer start() {
    try {
      Path folder = Files.createTempDirectory("azcp-azurite");
      Path output = folder.resolve("output.txt");
      Process process =
          new ProcessBuilder(command(folder))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      AzuriteServer server = new AzuriteServer(process, folder, 0);
      try {
        return new AzuriteServer(process, folder, server.awaitPort(output));
      } catch (IOException | RuntimeException e) {
        server.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The shell kills the server when its standard input, held by this JVM, ends. */
  private static List<String> command(Path folder) {
    return List.of(
        "sh",
        "-c",
        "\"$@\" </dev/null & pid=$!; read -r _; kill $pid; wait $pid",
        "azurite",
        executable().toString(),
        "--blobHost",
        "127.0.0.1",
        "--blobPort",
        "0",
        "--location",
        folder.toString(),
        "--skipApiVersionCheck",
        "--disableProductStyleUrl",
        "--disableTelemetry",
        "--silent");
  }

  private static Path executable() {
    String named = System.getProperty("AZCP_AZURITE", System.getenv("AZCP_AZURITE"));
    if (named != null) {
      return Path.of(named);
    }
    for (Path dir = Path.of("").toAbsolutePath(); dir != null; dir = dir.getParent()) {
      Path candidate = dir.resolve(".tools/azurite/node_modules/.bin/azurite-blob");
      if (Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    throw new IllegalStateException(
        "Azurite is not installed; run ./test.sh once, or name azurite-blob with AZCP_AZURITE");
  }

  private int awaitPort(Path output) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (System.nanoTime() - deadline < 0) {
      Matcher matcher = LISTENING.matcher(Files.readString(output));
      if (matcher.find()) {
        return Integer.parseInt(matcher.group(1));
      }
      try {
        if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
          break;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    throw new IOException("Azurite did not start: " + Files.readString(output));
  }

  /** The service URL, account included. */
  public String endpoint() {
    return "http://127.0.0.1:" + port + "/" + ACCOUNT;
  }

  /** The account's name. */
  public String account() {
    return ACCOUNT;
  }

  /** The account's key, Base64. */
  public String key() {
    return KEY;
  }

  /** Ends the server and removes its folder. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
