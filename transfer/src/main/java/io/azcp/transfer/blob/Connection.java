package io.azcp.transfer.blob;

import io.azcp.base.AzcpException;
import io.azcp.base.MemoryBudget;
import io.azcp.transfer.blob.TransportException.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;

/**
 * One connection to the endpoint. The thread that uses it sees its failures as {@link
 * TransportException}s that tell what happened and where; the deadline thread only reads its clocks
 * and closes its socket.
 */
final class Connection {
  private final Connections owner;
  private final BlobUrl endpoint;
  private final ByteBuffer buffer;
  private final MemoryBudget.Reservation memory;
  private volatile SocketChannel channel;
  private Wire wire;
  private TlsEngines engines;

  /** When the thread began to wait for the network (nanoTime), or 0 while it does not. */
  private volatile long waitingSince;

  /** When the request under way must be over (nanoTime), or 0 without one. */
  private volatile long requestEnd;

  /** Why the deadline thread closed the socket, or null. */
  private volatile String overdue;

  private long idleSince;
  private int requests;

  Connection(
      Connections owner, BlobUrl endpoint, ByteBuffer buffer, MemoryBudget.Reservation memory) {
    this.owner = owner;
    this.endpoint = endpoint;
    this.buffer = buffer;
    this.memory = memory;
  }

  /** Connects, and shakes hands where the endpoint is https. */
  void open(TlsEngines tls, Buffers buffers, Buffers records) throws IOException {
    engines = tls;
    ClientOptions options = owner.options();
    HttpProxy proxy = options.proxy();
    String host = proxy == null ? endpoint.host() : proxy.host();
    try {
      SocketChannel made =
          Sockets.connect(
              host,
              proxy == null ? endpoint.port() : proxy.port(),
              options.connectTimeout(),
              opened -> {
                channel = opened;
                owner.checkOpen();
              });
      if (tls == null) {
        wire = new PlainWire(made);
      } else {
        waitingSince = System.nanoTime();
        if (proxy != null) {
          Tunnel.open(made, proxy, endpoint);
        }
        wire = new TlsWire(made, tls, endpoint.host(), endpoint.port(), buffers, records);
        waitingSince = 0;
      }
    } catch (AzcpException e) {
      throw e;
    } catch (UnknownHostException | UnresolvedAddressException e) {
      throw unreachable("the host " + host + " is not known", e);
    } catch (ConnectException e) {
      throw unreachable(reason(e), e);
    } catch (SocketTimeoutException e) {
      throw unreachable("no connection within " + seconds(options.connectTimeout().toMillis()), e);
    } catch (SSLException e) {
      throw new TransportException(Kind.UNTRUSTED, shown() + TlsRefusal.described(e), e);
    } catch (IOException e) {
      throw overdue != null || owner.isClosed() ? broken(e) : unreachable(reason(e), e);
    } catch (RuntimeException e) {
      throw unreachable(reason(e), e);
    }
  }

  private TransportException unreachable(String why, Exception cause) {
    return new TransportException(
        Kind.UNREACHABLE,
        shown()
            + " cannot be reached: "
            + why
            + (endpoint.account().isEmpty() ? "" : "; check the account's name and the endpoint"),
        cause);
  }

  private static String reason(Exception e) {
    String message = e.getMessage();
    return message == null || message.isEmpty()
        ? e.getClass().getSimpleName()
        : Character.toLowerCase(message.charAt(0)) + message.substring(1);
  }

  private static String seconds(long millis) {
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
  }

  private String shown() {
    HttpProxy proxy = owner.options().proxy();
    String through = proxy == null ? "" : " (through the proxy " + proxy + ")";
    return endpoint.scheme() + "://" + endpoint.authority() + through;
  }

  /** What its buffers were reserved with. */
  MemoryBudget.Reservation memory() {
    return memory;
  }

  /** Who made its TLS session; null without one. */
  TlsEngines engines() {
    return engines;
  }

  /** The buffer for heads and bodies; belongs to the using thread. */
  ByteBuffer buffer() {
    return buffer;
  }

  /** Starts a request's clock. */
  void begin(long bodyBytes) {
    requests++;
    overdue = null;
    extend(bodyBytes);
  }

  /** Sets the end of the request anew, now that the size of its answer is known. */
  void extend(long bodyBytes) {
    long nanos = owner.options().requestTimeout().toNanos();
    requestEnd = nonZero(System.nanoTime() + nanos + (bodyBytes >> 18) * 1_000_000_000L);
  }

  /** Gives the request more time: it waits on this side. */
  void postpone(long nanos) {
    requestEnd = nonZero(requestEnd + nanos);
  }

  /** Whether this connection served a request before the one under way. */
  boolean reused() {
    return requests > 1;
  }

  /** Reads at least one byte; −1 at the end of the stream. */
  int read(ByteBuffer into) throws IOException {
    waitingSince = nonZero(System.nanoTime());
    try {
      return wire.read(into);
    } catch (IOException e) {
      throw broken(e);
    } finally {
      waitingSince = 0;
    }
  }

  /** Writes all remaining bytes. */
  void write(ByteBuffer from) throws IOException {
    waitingSince = nonZero(System.nanoTime());
    try {
      wire.write(from);
    } catch (IOException e) {
      throw broken(e);
    } finally {
      waitingSince = 0;
    }
  }

  boolean sendsFiles() {
    return wire.sendsFiles();
  }

  long send(FileChannel file, long position, long count) throws IOException {
    waitingSince = nonZero(System.nanoTime());
    try {
      return wire.send(file, position, count);
    } catch (IOException e) {
      throw broken(e);
    } finally {
      waitingSince = 0;
    }
  }

  private static long nonZero(long nanos) {
    return nanos == 0 ? 1 : nanos;
  }

  /** What a failure of the wire means. */
  private AzcpException broken(IOException e) {
    if (owner.isClosed()) {
      return Connections.cancelled();
    }
    String late = overdue;
    if (late != null) {
      return new TransportException(Kind.OVERDUE, shown() + " " + late, e);
    }
    if (e instanceof SSLException) {
      return new TransportException(
          Kind.BROKEN, "the TLS session with " + shown() + " broke: " + reason(e), e);
    }
    return new TransportException(
        Kind.BROKEN, "the connection to " + shown() + " broke: " + reason(e), e);
  }

  /** The failure of a stream that ended where more was due. */
  AzcpException ended(String where) {
    if (owner.isClosed()) {
      return Connections.cancelled();
    }
    return new TransportException(
        Kind.BROKEN, shown() + " closed the connection " + where, new EOFException());
  }

  /** The failure of a kept connection that turns out to be gone before anything was answered. */
  AzcpException stale(Exception cause) {
    if (owner.isClosed()) {
      return Connections.cancelled();
    }
    return new TransportException(
        Kind.STALE, shown() + " closed the connection before it answered", cause);
  }

  /** The failure of an answer that makes no sense. */
  AzcpException nonsense(String what) {
    return new TransportException(
        Kind.NONSENSE, shown() + " answered something that is no answer: " + what, null);
  }

  /** Ends the request's clock; the connection rests. */
  void rest() {
    requestEnd = 0;
    idleSince = System.nanoTime();
  }

  /** How long it has rested. */
  long restedNanos() {
    return System.nanoTime() - idleSince;
  }

  /** Whether a rested connection still stands. */
  boolean stands() {
    if (overdue != null) {
      return false;
    }
    try {
      return wire.quiet();
    } catch (IOException e) {
      return false;
    }
  }

  /** Closes the socket when a time is over. The deadline thread. */
  void checkDeadline(long now) {
    long waiting = waitingSince;
    long end = requestEnd;
    long idle = owner.options().idleTimeout().toNanos();
    if (waiting != 0 && now - waiting > idle) {
      overdue = "neither sent nor took a byte for " + seconds(idle / 1_000_000);
      abort();
    } else if (end != 0 && now - end > 0) {
      overdue = "did not finish its answer in the time a request has (--timeout)";
      abort();
    }
  }

  /** Closes the socket; the using thread fails. Any thread. */
  void abort() {
    SocketChannel opened = channel;
    if (opened != null) {
      Sockets.close(opened);
    }
  }

  /** Closes and gives back what it holds. The using thread, once. */
  void dispose() {
    abort();
    if (wire != null) {
      wire.release();
    }
  }
}
