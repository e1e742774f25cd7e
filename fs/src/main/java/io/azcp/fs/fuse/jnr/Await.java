package io.azcp.fs.fuse.jnr;

import io.azcp.base.Errno;
import io.azcp.fs.fuse.Reply;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for one answer of the port, up to a limit. An answer after it is given back ({@code undo}).
 *
 * @param <T> what a success carries
 */
final class Await<T> implements Reply<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Await.class);

  private enum State {
    WAITING,
    ANSWERED,
    ABANDONED
  }

  private final Consumer<T> undo;
  private State state = State.WAITING;
  private T value;
  private Errno errno;

  /** Gives a late success back through {@code undo}. */
  Await(Consumer<T> undo) {
    this.undo = undo;
  }

  /** With nothing to give back. */
  Await() {
    this(value -> {});
  }

  @Override
  public void ok(T answer) {
    if (settle(answer, null)) {
      undo.accept(answer);
    }
  }

  @Override
  public void fail(Errno failure) {
    settle(null, failure);
  }

  /** Whether it came too late. */
  private synchronized boolean settle(T answer, Errno failure) {
    boolean late = state == State.ABANDONED;
    if (state == State.ANSWERED) {
      LOG.warn("a request was answered twice; the second answer is ignored");
      return false;
    }
    state = State.ANSWERED;
    value = answer;
    errno = failure;
    notifyAll();
    return late;
  }

  /** The success; a failure, EINTR or, past the limit, EIO is thrown. */
  synchronized T get(Duration limit) throws Refusal {
    long end = System.nanoTime() + limit.toNanos();
    try {
      while (state == State.WAITING) {
        long millis = (end - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
          state = State.ABANDONED;
          throw new Refusal(Errno.EIO);
        }
        wait(millis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      state = State.ABANDONED;
      throw new Refusal(Errno.EINTR);
    }
    if (errno != null) {
      throw new Refusal(errno);
    }
    return value;
  }
}
