package io.azcp.transfer.blob;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Another service with faults and a request log. Faults are queued with {@link #next} and meet, in
 * order, the next calls of their operation. Thread-safe.
 */
public final class FaultyBlobService extends ForwardingBlobService {
  /** The calls of the port. */
  public enum Operation {
    CREATE_CONTAINER,
    DELETE_CONTAINER,
    LIST_CONTAINERS,
    LIST,
    HEAD,
    GET,
    PUT,
    PUT_BLOCK,
    PUT_BLOCK_LIST,
    BLOCK_LIST,
    COPY,
    PUT_FROM_URL,
    PUT_BLOCK_FROM_URL,
    SET_METADATA,
    SET_HEADERS,
    SET_TIER,
    BREAK_LEASE,
    TAGS,
    SET_TAGS,
    DELETE,
    DELETE_BATCH
  }

  /**
   * A call as it came in.
   *
   * @param name blob name, or the prefix of a listing; empty for calls about containers
   * @param offset first byte of a get, else 0
   * @param length bytes asked for by a get (−1: to the end) or sent by a put, else 0
   */
  public record Request(
      Operation operation, String container, String name, long offset, long length) {}

  /** What happens to a call. Made by the factory methods of the enclosing class. */
  public interface Fault {
    /** Called before the call goes through; may wait or throw. */
    default void before(Request request) throws IOException {}

    /** Called after it went through; may throw, as when the answer is lost. */
    default void after(Request request) throws IOException {}

    /** After how many bytes the body of a get breaks off; −1 for never. */
    default long cutAfter() {
      return -1;
    }
  }

  /** A call waits at a gate until the test opens it. */
  public static final class Gate implements Fault {
    private static final long LIMIT_SECONDS = 60;
    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    @Override
    public void before(Request request) throws IOException {
      arrived.countDown();
      await(open);
    }

    /** Waits until a call stands at the gate. */
    public void awaitArrival() throws IOException {
      await(arrived);
    }

    /** Lets the call go on. */
    public void open() {
      open.countDown();
    }

    private static void await(CountDownLatch latch) throws IOException {
      try {
        if (!latch.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
          throw new AzcpException(Errno.ETIMEDOUT, "the test's gate stayed shut");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AzcpException(Errno.EINTR, "interrupted at the test's gate", e);
      }
    }
  }

  private record Pending(Operation operation, Fault fault) {}

  private final List<Request> log = new ArrayList<>();
  private final List<Pending> pending = new ArrayList<>();
  private Duration delay = Duration.ZERO;

  /** Wraps a service, without any fault yet. */
  public FaultyBlobService(BlobService service) {
    super(service);
  }

  /** The next call of the operation that has no earlier fault queued meets this one. */
  public synchronized void next(Operation operation, Fault fault) {
    pending.add(new Pending(operation, fault));
  }

  /** Every call from now on takes this much longer. */
  public synchronized void delayAll(Duration longer) {
    delay = longer;
  }

  /** Every call so far, in order of arrival. */
  public synchronized List<Request> log() {
    return List.copyOf(log);
  }

  /** The calls of one operation so far. */
  public List<Request> log(Operation operation) {
    return log().stream().filter(r -> r.operation() == operation).toList();
  }

  /** Forgets the log. */
  public synchronized void clearLog() {
    log.clear();
  }

  /** Forgets the faults that no call has met yet. */
  public synchronized void clearFaults() {
    pending.clear();
  }

  /** Faults that no call has met yet. */
  public synchronized int pendingFaults() {
    return pending.size();
  }

  /** The service refuses, and does nothing. */
  public static Fault refuse(int status, String code) {
    return new Fault() {
      @Override
      public void before(Request r) throws IOException {
        throw ServiceErrors.of(
            r.operation().name().toLowerCase(java.util.Locale.ROOT),
            r.container() + "/" + r.name(),
            status,
            code,
            "fault",
            "");
      }
    };
  }

  /** The service cannot be reached. */
  public static Fault unreachable() {
    return new Fault() {
      @Override
      public void before(Request r) throws IOException {
        throw new TransportException(
            TransportException.Kind.UNREACHABLE, "memory could not be reached", null);
      }
    };
  }

  /** The service executes the call, and its answer is lost. */
  public static Fault loseAnswer() {
    return new Fault() {
      @Override
      public void after(Request r) throws IOException {
        throw new TransportException(
            TransportException.Kind.BROKEN, "memory closed the connection", null);
      }
    };
  }

  /** The body of a get breaks off after that many bytes. */
  public static Fault cutBody(long bytes) {
    return new Fault() {
      @Override
      public long cutAfter() {
        return bytes;
      }
    };
  }

  /** Something happens first, as a stranger's change of the blob. */
  public static Fault first(Action action) {
    return new Fault() {
      @Override
      public void before(Request r) throws IOException {
        action.run();
      }
    };
  }

  /** Something a fault does. */
  @FunctionalInterface
  public interface Action {
    /** Does it. */
    void run() throws IOException;
  }

  private static final Fault NONE = new Fault() {};

  private Fault arrive(Request request) throws IOException {
    Fault fault = NONE;
    Duration wait;
    synchronized (this) {
      log.add(request);
      wait = delay;
      for (Pending p : pending) {
        if (p.operation() == request.operation()) {
          fault = p.fault();
          pending.remove(p);
          break;
        }
      }
    }
    sleep(wait);
    fault.before(request);
    return fault;
  }

  private static void sleep(Duration wait) throws IOException {
    if (wait.isZero()) {
      return;
    }
    try {
      Thread.sleep(wait.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AzcpException(Errno.EINTR, "interrupted in the test's delay", e);
    }
  }

  @Override
  protected <T> T through(Request request, Call<T> call) throws IOException {
    Fault fault = arrive(request);
    T result = call.run();
    fault.after(request);
    return result;
  }

  @Override
  public BlobProperties get(String container, String name, GetRange range, BodySink sink)
      throws IOException {
    Request request = new Request(Operation.GET, container, name, range.offset(), range.length());
    Fault fault = arrive(request);
    BodySink target = fault.cutAfter() < 0 ? sink : cutting(range.offset(), fault.cutAfter(), sink);
    BlobProperties result = service().get(container, name, range, target);
    fault.after(request);
    return result;
  }

  private static BodySink cutting(long start, long bytes, BodySink sink) {
    return new BodySink() {
      @Override
      public void begin(BlobProperties properties) throws IOException {
        sink.begin(properties);
      }

      @Override
      public void accept(long offset, ByteBuffer data) throws IOException {
        long left = start + bytes - offset;
        if (data.remaining() <= left) {
          sink.accept(offset, data);
          return;
        }
        data.limit(data.position() + (int) left);
        if (data.hasRemaining()) {
          sink.accept(offset, data);
        }
        throw new TransportException(
            TransportException.Kind.BROKEN, "memory closed the connection in a body", null);
      }
    };
  }
}
