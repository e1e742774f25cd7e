package io.azcp.transfer.identity;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token of all threads. It is renewed in the background {@link #AHEAD} before it expires, or
 * half-way where it lives shorter; requests go on with the old one meanwhile and wait only when
 * that has expired or was refused. However many ask, at most one renewal is under way, and one that
 * failed is not tried again before {@link #PAUSE} is over, so that a thousand requests share one
 * refusal. Thread-safe.
 */
public final class SharedToken {
  /** How long before its expiry a token is renewed. */
  static final Duration AHEAD = Duration.ofMinutes(5);

  /** How long nothing is asked after a renewal that failed or did not help. */
  static final Duration PAUSE = Duration.ofSeconds(10);

  /** The most a source takes, its own attempts and limits together. */
  private static final long LONGEST_WAIT_SECONDS = 120;

  private static final Logger LOG = LoggerFactory.getLogger(SharedToken.class);

  /** A token and its times; each is another, whatever it holds. */
  private static final class Held {
    final String value;
    final long renewAt;
    final long expiresAt;

    Held(String value, long renewAt, long expiresAt) {
      this.value = value;
      this.renewAt = renewAt;
      this.expiresAt = expiresAt;
    }
  }

  /** A renewal that many wait for. */
  private static final class Renewal {
    final CountDownLatch done = new CountDownLatch(1);
    volatile Held held;
    volatile IOException failure;
  }

  private final TokenSource source;
  private final Executor background;
  private final LongSupplier nanoTime;
  private final long origin;
  private volatile Held held;

  /** The last renewal, under way or done; guarded by this. */
  private Renewal renewal;

  /** When another renewal may be tried, in {@link #now()}; guarded by this. */
  private long pausedUntil;

  /**
   * A token and where the next comes from.
   *
   * @param background runs a renewal; must not run it in the calling thread
   * @param nanoTime as {@link System#nanoTime()}
   */
  SharedToken(TokenSource source, AccessToken first, Executor background, LongSupplier nanoTime) {
    this.source = source;
    this.background = background;
    this.nanoTime = nanoTime;
    this.origin = nanoTime.getAsLong();
    this.held = held(first);
  }

  private long now() {
    return nanoTime.getAsLong() - origin;
  }

  private Held held(AccessToken token) {
    long now = now();
    long lifetime = token.lifetime().toNanos();
    return new Held(
        token.value(), now + lifetime - Math.min(AHEAD.toNanos(), lifetime / 2), now + lifetime);
  }

  /** Where it comes from, as {@code managed identity}. */
  public String source() {
    return source.name();
  }

  /** How long the token at hand holds from now on; negative once it has expired. */
  public Duration lifetime() {
    return Duration.ofNanos(held.expiresAt - now());
  }

  /**
   * A token that holds; blocks only where the one at hand has expired.
   *
   * @throws IdentityException where no new one can be had
   */
  public String value() throws IOException {
    Held current = held;
    long now = now();
    if (now < current.renewAt) {
      return current.value;
    }
    Renewal shared = renewalOf(current);
    if (now < current.expiresAt) {
      return current.value;
    }
    return shared == null ? held.value : await(shared).value;
  }

  /**
   * Gets another token after the service refused one; threads that come with the same one share the
   * renewal.
   *
   * @return whether there is another token now, with which the request may be sent once more
   */
  public boolean renew(String refused) throws IOException {
    Held current = held;
    Renewal shared = current.value.equals(refused) ? renewalOf(current) : null;
    if (shared == null) {
      return true;
    }
    boolean another = !await(shared).value.equals(refused);
    if (!another) {
      pause();
    }
    return another;
  }

  /**
   * The renewal of what is held: the one under way, else a new one, or for a while after one that
   * did not help that one. Null where something else is held by now.
   */
  private synchronized Renewal renewalOf(Held old) {
    if (held != old) {
      return null;
    }
    boolean running = renewal != null && renewal.done.getCount() > 0;
    if (running || now() < pausedUntil) {
      return renewal;
    }
    Renewal started = new Renewal();
    renewal = started;
    LOG.debug("renewing the token of {}", source.name());
    background.execute(() -> run(started));
    return started;
  }

  private synchronized void pause() {
    if (now() >= pausedUntil) {
      pausedUntil = now() + PAUSE.toNanos();
    }
  }

  private void run(Renewal started) {
    try {
      Held fresh = held(source.fetch());
      held = fresh;
      started.held = fresh;
    } catch (IOException e) {
      failed(started, e);
    } catch (RuntimeException | LinkageError e) {
      failed(started, IdentityException.refused(source.name() + ": failed unexpectedly: " + e, e));
    } finally {
      started.done.countDown();
    }
  }

  private void failed(Renewal started, IOException e) {
    LOG.debug("the token could not be renewed", e);
    pause();
    started.failure = e;
  }

  private static Held await(Renewal renewal) throws IOException {
    try {
      if (!renewal.done.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw IdentityException.refused("no token came within " + LONGEST_WAIT_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AzcpException(Errno.EINTR, "interrupted while waiting for a token", e);
    }
    if (renewal.held != null) {
      return renewal.held;
    }
    IOException failure = renewal.failure;
    String reason = failure == null ? "the renewal broke off" : failure.getMessage();
    // Thrown anew for each thread: what one adds to an exception is not for the others.
    throw IdentityException.refused("the token expired and there is no other: " + reason, failure);
  }

  @Override
  public String toString() {
    return "SharedToken[" + source.name() + "]";
  }
}
