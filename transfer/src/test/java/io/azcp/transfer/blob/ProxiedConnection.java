package io.azcp.transfer.blob;

import io.azcp.transfer.blob.FaultProxy.Fault;
import io.azcp.transfer.blob.FaultProxy.Request;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One client's connection through a {@link FaultProxy}, and the one to the server behind it. */
final class ProxiedConnection {
  private final FaultProxy proxy;
  private final Socket client;

  ProxiedConnection(FaultProxy proxy, Socket client) {
    this.proxy = proxy;
    this.client = client;
  }

  /** Passes requests until one side closes or a fault ends it. */
  void serve() {
    Socket server = null;
    try {
      client.setTcpNoDelay(true);
      InputStream fromClient = new BufferedInputStream(client.getInputStream(), 1 << 16);
      server = proxy.connect();
      InputStream fromServer = new BufferedInputStream(server.getInputStream(), 1 << 16);
      while (pass(fromClient, fromServer, server.getOutputStream())) {
        // Each turn passes one request.
      }
    } catch (IOException e) {
      // One side broke the connection; the other one sees it break below.
    } finally {
      proxy.forget(client);
      if (server != null) {
        proxy.forget(server);
      }
    }
  }

  private boolean pass(InputStream fromClient, InputStream fromServer, OutputStream toServer)
      throws IOException {
    String head = head(fromClient);
    if (head == null) {
      return false;
    }
    proxy.began();
    try {
      return pass(head, fromClient, fromServer, toServer);
    } finally {
      proxy.ended();
    }
  }

  private boolean pass(
      String head, InputStream fromClient, InputStream fromServer, OutputStream toServer)
      throws IOException {
    Request request = request(head);
    Fault fault = proxy.faultOf(request);
    long length = Math.max(0, number(header(head, "content-length")));
    if (fault != null && fault.kind() == FaultProxy.Kind.EARLY_ANSWER) {
      answer(fault);
      proxy.record(finished(request, fault.status(), "", 0));
      client.shutdownOutput();
      return false;
    }
    if (fault != null && fault.kind() == FaultProxy.Kind.RESET) {
      proxy.record(finished(request, 0, "", 0));
      client.setSoLinger(true, 0);
      return false;
    }
    if (fault != null && fault.kind() == FaultProxy.Kind.CUT_REQUEST) {
      toServer.write(head.getBytes(StandardCharsets.ISO_8859_1));
      copy(fromClient, toServer, length / 2);
      toServer.flush();
      proxy.record(finished(request, 0, "", 0));
      return false;
    }
    boolean answers = fault != null && fault.kind() == FaultProxy.Kind.ANSWER;
    OutputStream target = answers ? OutputStream.nullOutputStream() : toServer;
    target.write(head.getBytes(StandardCharsets.ISO_8859_1));
    copy(fromClient, target, length);
    target.flush();
    if (answers) {
      answer(fault);
      proxy.record(finished(request, fault.status(), "", 0));
      return true;
    }
    return passAnswer(request, fault, fromServer);
  }

  private boolean passAnswer(Request request, Fault fault, InputStream fromServer)
      throws IOException {
    String head = head(fromServer);
    if (head == null) {
      return false;
    }
    int status = Integer.parseInt(head.substring(9, 12));
    FaultProxy.Kind kind = fault == null ? null : fault.kind();
    boolean bodiless =
        request.method().equals("HEAD")
            || status == 204
            || status == 304
            || number(header(head, "content-length")) == 0;
    boolean withheld =
        kind == FaultProxy.Kind.DROP_ANSWER || (kind == FaultProxy.Kind.STALL && bodiless);
    OutputStream toClient = withheld ? OutputStream.nullOutputStream() : client.getOutputStream();
    toClient.write(head.getBytes(StandardCharsets.ISO_8859_1));
    toClient.flush();
    if (kind == FaultProxy.Kind.STALL) {
      proxy.ended();
      try {
        proxy.awaitClose();
      } finally {
        proxy.began();
      }
      return false;
    }
    long limit = kind == FaultProxy.Kind.CUT ? fault.bytes() : Long.MAX_VALUE;
    Body body = new Body(fromServer, toClient, limit);
    try {
      if (!bodiless) {
        body.pass(head);
      }
    } finally {
      proxy.record(finished(request, status, head, body.passed));
    }
    toClient.flush();
    return kind == null;
  }

  /** Passes a body on up to a limit, past which the connection ends. */
  private static final class Body {
    private final InputStream from;
    private final OutputStream to;
    private final long limit;
    private long passed;

    Body(InputStream from, OutputStream to, long limit) {
      this.from = from;
      this.to = to;
      this.limit = limit;
    }

    void pass(String head) throws IOException {
      if (header(head, "transfer-encoding").toLowerCase(Locale.ROOT).contains("chunked")) {
        while (true) {
          String line = line(from);
          to.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
          long size = Long.parseLong(line.strip(), 16);
          data(size);
          to.write((line(from) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
          if (size == 0) {
            return;
          }
        }
      }
      data(Math.max(0, number(header(head, "content-length"))));
    }

    private void data(long bytes) throws IOException {
      long now = Math.min(bytes, limit - passed);
      byte[] buffer = new byte[1 << 16];
      for (long left = now; left > 0; ) {
        int n = from.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (n < 0) {
          throw new EOFException();
        }
        to.write(buffer, 0, n);
        passed += n;
        left -= n;
      }
      if (now < bytes) {
        to.flush();
        throw new EOFException("cut");
      }
    }
  }

  private void answer(Fault fault) throws IOException {
    String body = "<?xml version=\"1.0\"?><Error><Code>" + fault.code() + "</Code></Error>";
    String head =
        "HTTP/1.1 "
            + fault.status()
            + " Fault\r\nx-ms-error-code: "
            + fault.code()
            + "\r\nx-ms-request-id: proxy\r\nContent-Length: "
            + body.length()
            + "\r\n"
            + fault.headers()
            + "\r\n";
    client.getOutputStream().write((head + body).getBytes(StandardCharsets.ISO_8859_1));
    client.getOutputStream().flush();
  }

  private static Request request(String head) {
    String[] line = head.substring(0, head.indexOf('\r')).split(" ", -1);
    int mark = line[1].indexOf('?');
    String path = mark < 0 ? line[1] : line[1].substring(0, mark);
    String range = header(head, "x-ms-range");
    return new Request(
        line[0],
        NameEncoding.decode(path),
        mark < 0 ? "" : line[1].substring(mark + 1),
        range.isEmpty() ? header(head, "range") : range,
        0,
        0,
        0);
  }

  private static Request finished(Request request, int status, String head, long bytes) {
    long offset = Math.max(0, Answers.rangeStart(header(head, "content-range")));
    return new Request(
        request.method(),
        request.path(),
        request.query(),
        request.range(),
        status,
        offset,
        status / 100 == 2 ? bytes : 0);
  }

  private static void copy(InputStream from, OutputStream to, long bytes) throws IOException {
    byte[] buffer = new byte[1 << 16];
    for (long left = bytes; left > 0; ) {
      int n = from.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (n < 0) {
        throw new EOFException();
      }
      to.write(buffer, 0, n);
      left -= n;
    }
  }

  private static String line(InputStream from) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = from.read(); b != '\n'; b = from.read()) {
      if (b < 0) {
        throw new EOFException();
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  /** Start line and headers with the empty line; null at the end of the stream. */
  private static String head(InputStream from) throws IOException {
    StringBuilder head = new StringBuilder(1024);
    while (true) {
      String line;
      try {
        line = line(from);
      } catch (EOFException e) {
        return null;
      }
      head.append(line).append("\r\n");
      if (line.isEmpty()) {
        return head.toString();
      }
    }
  }

  private static String header(String head, String name) {
    for (String line : head.split("\r\n", -1)) {
      if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
        return line.substring(name.length() + 1).strip();
      }
    }
    return "";
  }

  private static long number(String digits) {
    return digits.isEmpty() ? -1 : Long.parseLong(digits);
  }
}
