package io.azcp.transfer.blob;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * An https server on loopback with a certificate of an authority of its own, both made by keytool.
 * It keeps what is put and gives it back, no more.
 */
final class TlsServer implements AutoCloseable {
  private static final String PASSWORD = "for-this-test-only";

  private final SSLServerSocket listener;
  private final Path certificate;
  private final Map<String, byte[]> stored = new ConcurrentHashMap<>();
  private final List<String> serverNames = new CopyOnWriteArrayList<>();
  private final List<SSLSocket> sockets = new CopyOnWriteArrayList<>();

  private TlsServer(SSLServerSocket listener, Path certificate) {
    this.listener = listener;
    this.certificate = certificate;
  }

  /**
   * Starts one.
   *
   * @param days when the certificate's single day of validity starts, from now; its authority's,
   *     which is of its own, always holds
   */
  static TlsServer start(Path dir, String host, int days) throws Exception {
    Files.createDirectories(dir);
    Path store = dir.resolve("key.p12");
    Path certificate = dir.resolve("ca.pem");
    List<String> place =
        List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD);
    keytool(place, "-genkeypair -keyalg EC -alias ca -dname CN=test-ca -ext bc=ca:true");
    keytool(
        place,
        "-genkeypair -keyalg EC -alias server -signer ca -validity 1 -dname CN="
            + host
            + " -ext san=dns:"
            + host
            + " -startdate "
            + (days == 0 ? "-1H" : String.format("%+dd", days)));
    keytool(place, "-exportcert -rfc -alias ca -file " + certificate);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    keys.deleteEntry("ca");
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    SSLServerSocket listener =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    TlsServer server = new TlsServer(listener, certificate);
    daemon(server::accept);
    return server;
  }

  private static void keytool(List<String> place, String arguments) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    builder.command().addAll(List.of(arguments.split(" ", -1)));
    builder.command().addAll(place);
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IllegalStateException("keytool: " + output);
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "tls-server");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return listener.getLocalPort();
  }

  Path certificate() {
    return certificate;
  }

  /** Names clients asked for in their handshakes. */
  List<String> serverNames() {
    return List.copyOf(serverNames);
  }

  void clearServerNames() {
    serverNames.clear();
  }

  private void accept() {
    while (true) {
      try {
        SSLSocket socket = (SSLSocket) listener.accept();
        sockets.add(socket);
        daemon(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(SSLSocket socket) {
    try (socket) {
      socket.startHandshake();
      for (SNIServerName name :
          ((ExtendedSSLSession) socket.getSession()).getRequestedServerNames()) {
        serverNames.add(((SNIHostName) name).getAsciiName());
      }
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      for (String head = head(in); !head.isEmpty(); head = head(in)) {
        answer(head, in, out);
      }
    } catch (IOException e) {
      // The client went away, as those do that trust nobody.
    }
  }

  private void answer(String head, InputStream in, OutputStream out) throws IOException {
    String[] line = head.substring(0, head.indexOf('\r')).split(" ", -1);
    String path = line[1].replaceAll("\\?.*", "");
    byte[] body = new byte[0];
    if (line[0].equals("PUT")) {
      String length = head.replaceAll("(?is).*\r\ncontent-length: *(\\d+).*", "$1");
      stored.put(path, in.readNBytes(Integer.parseInt(length)));
    } else {
      body = stored.getOrDefault(path, body);
    }
    out.write(
        ("HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: " + body.length + "\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1));
    if (line[0].equals("GET")) {
      out.write(body);
    }
    out.flush();
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      head.write(b);
      if (b == '\n' && head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        return head.toString(StandardCharsets.ISO_8859_1);
      }
    }
    return "";
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (SSLSocket socket : sockets) {
      socket.close();
    }
  }
}
