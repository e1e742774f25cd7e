package io.azcp.transfer.identity;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A token that another process asked for and hands over, again before it expires. This process asks
 * nobody itself. Thread-safe.
 */
public final class HandedToken {
  private final Source source;
  private final SharedToken shared;

  /**
   * A token as it was handed over.
   *
   * @param lifetime how long it holds from now on
   * @param source where the other process has it from
   */
  public HandedToken(String value, Duration lifetime, String source) {
    this.source = new Source(source);
    AccessToken first = this.source.take(value, lifetime);
    this.shared = new SharedToken(this.source, first, HandedToken::inBackground, System::nanoTime);
  }

  /** The token for requests. */
  public SharedToken shared() {
    return shared;
  }

  /** Takes a newer one, which requests go on with once the old one is about to expire. */
  public void handOver(String value, Duration lifetime) {
    source.take(value, lifetime);
  }

  private static void inBackground(Runnable renewal) {
    Thread thread = new Thread(renewal, "azcp-token");
    thread.setDaemon(true);
    thread.start();
  }

  private static final class Source implements TokenSource {
    private final String name;
    private String value;
    private long expiresAt;

    Source(String name) {
      this.name = name;
    }

    synchronized AccessToken take(String newValue, Duration lifetime) {
      value = newValue;
      long nanos = Math.max(0, lifetime.toNanos());
      expiresAt = System.nanoTime() + nanos;
      return new AccessToken(newValue, Duration.ofNanos(nanos));
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public synchronized AccessToken fetch() throws IOException {
      long left = expiresAt - System.nanoTime();
      if (left <= 0) {
        throw IdentityException.refused(
            name + ": the token expired, and rank 0 has handed over no other");
      }
      return new AccessToken(value, Duration.ofNanos(Math.max(left, TimeUnit.SECONDS.toNanos(1))));
    }
  }
}
