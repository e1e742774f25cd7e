package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The program as a process of its own, and a service that the test plays: it stops in the middle of
 * what it answers, so that the process is ended at a known point. Closing it ends both.
 */
final class HeldProcess implements AutoCloseable {
  private final Path dir;
  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private Process process;

  /**
   * A service, and no process yet.
   *
   * @param dir where the process runs; its output goes to {@code out.log} and {@code err.log}
   */
  HeldProcess(Path dir, HttpHandler answer) throws IOException {
    this.dir = dir;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", answer);
    server.start();
  }

  /** The URL of a path below the service's container. */
  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/acc/con/" + path + "?sig=any";
  }

  void start(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.azcp.cli.Azcp"));
    command.addAll(List.of(arguments));
    process =
        new ProcessBuilder(command)
            .directory(dir.toFile())
            .redirectError(dir.resolve("err.log").toFile())
            .redirectOutput(dir.resolve("out.log").toFile())
            .start();
  }

  /** Ends the process by a signal; answers its exit code. */
  int end(String signal) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return process.exitValue();
  }

  /** What the process said so far, in {@code out.log} or {@code err.log}. */
  String said(String log) throws IOException {
    return Files.readString(dir.resolve(log), StandardCharsets.UTF_8);
  }

  /** What the service says of every blob. */
  static void describe(HttpExchange exchange, String etag) {
    var headers = exchange.getResponseHeaders();
    headers.set("ETag", '"' + etag + '"');
    headers.set("Last-Modified", "Fri, 20 Nov 2026 12:00:00 GMT");
    headers.set("x-ms-blob-type", "BlockBlob");
  }

  /** Answers a HEAD; false where it is none. */
  static boolean answersHead(HttpExchange exchange, int length) throws IOException {
    if (!exchange.getRequestMethod().equals("HEAD")) {
      return false;
    }
    exchange.getResponseHeaders().set("Content-Length", String.valueOf(length));
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
    return true;
  }

  /** Waits, on a thread of the service, until it is let go. */
  void hold() {
    try {
      over.await(5, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void letGo() {
    over.countDown();
  }

  boolean holds() {
    return over.getCount() > 0;
  }

  @Override
  public void close() {
    letGo();
    if (process != null) {
      process.destroyForcibly();
    }
    server.stop(0);
    threads.shutdownNow();
  }
}
