package io.azcp.transfer.blob.strict;

import io.azcp.transfer.blob.ListingOrder;
import io.azcp.transfer.blob.MemoryBlobService;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * A Blob service on a loopback port that is strict where Azurite is not: it reads sources by URL,
 * has copies pending, verifies signatures and dates by an implementation of its own, lists in the
 * order asked for with an empty page before each, encodes names XML cannot hold, begins documents
 * with a byte order mark and sends them in chunks, tells versions, and has the service's limits.
 * What goes wrong on the way (503, redirects, early and lost answers, cut bodies) is done by an
 * {@link io.azcp.transfer.blob.FaultProxy} in front of it. Thread-safe.
 */
public final class StrictServer implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final byte[] KEY = "a key of the strict server".getBytes(StandardCharsets.UTF_8);

  private final String account = "strict" + COUNT.incrementAndGet();
  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final MemoryBlobService memory;
  private final StrictDoor door;
  private final StrictCopies copies;
  private final StrictBlobs blobs;
  private final LongSupplier clock;

  /** An account of a flat namespace, by the machine's clock. */
  public StrictServer() {
    this(ListingOrder.FLAT, System::currentTimeMillis);
  }

  /**
   * An account.
   *
   * @param order how it lists, and whether its namespace is hierarchical
   * @param clock the server's, milliseconds since the epoch
   */
  public StrictServer(ListingOrder order, LongSupplier clock) {
    try {
      listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.clock = clock;
    memory = new MemoryBlobService(order, clock);
    door = new StrictDoor(account, KEY, clock);
    copies = new StrictCopies(account, memory);
    StrictListing listing = new StrictListing(memory, order == ListingOrder.HIERARCHICAL);
    blobs = new StrictBlobs(account, memory, listing, copies);
    daemon(this::accept);
  }

  /** The service URL, account included. */
  public String endpoint() {
    return "http://127.0.0.1:" + listener.getLocalPort() + "/" + account;
  }

  /** The account's name. */
  public String account() {
    return account;
  }

  /** The account's key, Base64. */
  public String key() {
    return Base64.getEncoder().encodeToString(KEY);
  }

  /** What it holds, to be prepared and looked at without a request. */
  public MemoryBlobService blobs() {
    return memory;
  }

  /** From now on a bearer token is let in, too. */
  public void letIn(String token) {
    door.token = token;
  }

  /** New copies are pending for so many looks. */
  public void pendingCopies(int looks) {
    copies.pendingLooks = looks;
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "strict-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = listener.accept();
        sockets.add(socket);
        daemon(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream());
      var out = new BufferedOutputStream(socket.getOutputStream());
      socket.setTcpNoDelay(true);
      boolean open = true;
      while (open) {
        StrictRequest request;
        try {
          request = StrictRequest.read(in);
        } catch (StrictRefusal e) {
          StrictAnswer.of(e).with("Connection", "close").write(out, false, clock.getAsLong());
          return;
        }
        open = request != null;
        if (open) {
          answer(request).write(out, request.method().equals("HEAD"), clock.getAsLong());
        }
      }
    } catch (IOException e) {
      // The client had enough.
    } finally {
      sockets.remove(socket);
    }
  }

  private StrictAnswer answer(StrictRequest request) throws IOException {
    try {
      if (!request.header("x-ms-version").matches("20\\d\\d-\\d\\d-\\d\\d")) {
        throw new StrictRefusal(400, "InvalidHeaderValue");
      }
      door.check(request);
      return request.parameter("comp").equals("batch")
          ? new StrictBatch(door, blobs).handle(request)
          : blobs.handle(request);
    } catch (StrictRefusal e) {
      return StrictAnswer.of(e);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
