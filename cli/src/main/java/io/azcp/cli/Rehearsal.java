package io.azcp.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Runs the commands whose start counts once, against a service in this process that has one blob
 * ready, so that a JVM that notes the classes it loads notes theirs. A main program of its own,
 * started by {@code bin/azcp-class-archive}; what fails in it costs a slower start and nothing
 * else.
 */
final class Rehearsal {
  private static final String LISTING =
      """
      <?xml version="1.0" encoding="utf-8"?><EnumerationResults><Blobs><Blob><Name>d/a.bin</Name>\
      <Properties><Last-Modified>Mon, 02 Jun 2025 10:00:00 GMT</Last-Modified><Etag>0x1</Etag>\
      <Content-Length>5</Content-Length><Content-Type>text/plain</Content-Type>\
      <BlobType>BlockBlob</BlobType></Properties></Blob></Blobs><NextMarker />\
      </EnumerationResults>""";

  private final Path folder;
  private final ServerSocket server;
  private final String url;

  private Rehearsal(Path folder, ServerSocket server, String scheme) {
    this.folder = folder;
    this.server = server;
    this.url = scheme + "://localhost:" + server.getLocalPort() + "/account/container";
    Thread thread = new Thread(this::serve, "rehearsal");
    thread.setDaemon(true);
    thread.start();
  }

  /** Plays it all. */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createTempDirectory("rehearsal");
    try (var http = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      new Rehearsal(folder, http, "http").play("");
    }
    Path certificate = folder.resolve("certificate.pem");
    try (ServerSocket https = RehearsalTls.listen(folder, certificate)) {
      new Rehearsal(folder, https, "https").play(certificate.toString());
    }
    System.exit(0);
  }

  private void play(String caFile) throws IOException {
    Path file = Files.writeString(folder.resolve("up.txt"), "hello");
    String down = folder.resolve("down").toString();
    run(caFile, "--help");
    run(caFile, "ls", url);
    run(caFile, "ls", "-r", "--machine-readable", url);
    run(caFile, "copy", "-r", url, down);
    run(caFile, "copy", file.toString(), url + "/up.txt");
    run(caFile, "copy", "-r", folder.resolve("down").toString(), url);
  }

  private void run(String caFile, String... words) {
    var arguments = new java.util.ArrayList<String>();
    if (!caFile.isEmpty()) {
      arguments.addAll(java.util.List.of("--ca-file", caFile));
    }
    arguments.addAll(java.util.List.of(words));
    var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    var invocation =
        new Invocation(
            Map.of("AZURE_STORAGE_SAS_TOKEN", "sv=2024-11-04&sig=cmVoZWFyc2Fs"),
            folder,
            java.io.InputStream.nullInputStream(),
            nowhere,
            nowhere,
            false,
            false,
            action -> {},
            code -> {});
    Azcp.run(invocation, arguments.toArray(String[]::new));
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread thread = new Thread(() -> answerAll(socket), "rehearsal");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void answerAll(Socket socket) {
    try (socket) {
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      for (String request = in.readLine(); request != null; request = in.readLine()) {
        int length = 0;
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
          if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
            length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
          }
        }
        for (int i = 0; i < length; i++) {
          in.read();
        }
        socket.getOutputStream().write(answer(request).getBytes(StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      // The client is the one that matters, and it tells nobody here.
      return;
    }
  }

  private static String answer(String request) {
    boolean put = request.startsWith("PUT");
    String body = put ? "" : request.contains("comp=list") ? LISTING : "hello";
    return (put ? "HTTP/1.1 201 Created" : "HTTP/1.1 200 OK")
        + "\r\nETag: \"0x1\"\r\nLast-Modified: Mon, 02 Jun 2025 10:00:00 GMT"
        + "\r\nx-ms-request-id: 1\r\nx-ms-blob-type: BlockBlob\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + (request.startsWith("HEAD") ? "" : body);
  }
}
