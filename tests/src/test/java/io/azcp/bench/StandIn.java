package io.azcp.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A stand-in server in a process of its own.
 *
 * @param delay milliseconds that each answer takes
 * @param http its port for http
 * @param https its port for https; 0 without a key store
 */
public record StandIn(Process process, int delay, int http, int https) implements AutoCloseable {
  /** What every path starts with. */
  public static final String ACCOUNT = "/devstoreaccount1/";

  /**
   * What came and went.
   *
   * @param requests that came
   * @param bytes of blobs that went out
   * @param uploaded bytes of blobs that came in
   * @param names that something was written to, each once
   * @param live names that something was written to and that were not deleted since
   */
  public record Counts(long requests, long bytes, long uploaded, long names, long live) {
    /** What was added since. */
    public Counts since(Counts before) {
      return new Counts(
          requests - before.requests,
          bytes - before.bytes,
          uploaded - before.uploaded,
          names - before.names,
          live - before.live);
    }
  }

  /**
   * Starts one.
   *
   * @param folder on tmpfs
   * @param keys the key store for https, or null
   * @param delay milliseconds that each answer takes
   */
  public static StandIn start(Path folder, Path keys, int delay) throws IOException {
    var command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
    command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(StandInServer.class.getName(), folder.toString(), delay + "ms"));
    if (keys != null) {
      command.add(keys.toString());
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var answer =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    String ports = answer.readLine();
    if (ports == null) {
      throw new IOException("the stand-in server did not start");
    }
    String[] both = ports.split(" ", -1);
    return new StandIn(process, delay, Integer.parseInt(both[0]), Integer.parseInt(both[1]));
  }

  /** The account's URL. */
  public String endpoint() {
    return "http://localhost:" + http + ACCOUNT.substring(0, ACCOUNT.length() - 1);
  }

  /** What it has served so far. */
  public Counts counts() throws IOException {
    try (InputStream in = URI.create(endpoint() + "/" + Session.COUNTS).toURL().openStream()) {
      long[] all =
          Stream.of(new String(in.readAllBytes(), StandardCharsets.US_ASCII).split(" ", -1))
              .mapToLong(Long::parseLong)
              .toArray();
      return new Counts(all[0], all[1], all[2], all[3], all[4]);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
