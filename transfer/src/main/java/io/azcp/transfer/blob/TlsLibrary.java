package io.azcp.transfer.blob;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who does TLS: BoringSSL where many bytes are sure to move; else the JDK, until so much has moved
 * that BoringSSL pays for its loading, which happens in the background. Where it does not load, the
 * JDK's stays. Thread-safe.
 */
final class TlsLibrary {
  /** Bytes after which BoringSSL pays. */
  static final long MANY = 8 << 20;

  private static final AtomicBoolean WARNED = new AtomicBoolean();

  private final X509ExtendedTrustManager trust;
  private final AtomicLong moved = new AtomicLong();
  private volatile TlsEngines now;

  /** Whether nothing will change any more; written before the loading begins. */
  private volatile boolean settled;

  private TlsLibrary(X509ExtendedTrustManager trust, boolean bulk) throws IOException {
    this.trust = trust;
    TlsEngines boring = bulk ? boringOrNull() : null;
    this.settled = bulk;
    this.now = boring == null ? jdk() : boring;
  }

  static TlsLibrary choose(ClientOptions options) throws IOException {
    return new TlsLibrary(Trust.of(options.caFile()), options.bulk());
  }

  /** For connections that are made now. */
  TlsEngines now() {
    return now;
  }

  /** So many bytes of bodies have moved, or are about to. */
  void moves(long bytes) {
    if (!settled && moved.addAndGet(bytes) > MANY) {
      load();
    }
  }

  private synchronized void load() {
    if (settled) {
      return;
    }
    settled = true;
    Thread loading =
        new Thread(
            () -> {
              TlsEngines boring = boringOrNull();
              now = boring == null ? now : boring;
            },
            "azcp-boringssl");
    loading.setDaemon(true);
    loading.start();
  }

  private TlsEngines jdk() throws IOException {
    try {
      return new JdkTls(trust);
    } catch (GeneralSecurityException e) {
      throw new IOException("this JVM has no TLS: " + e.getMessage(), e);
    }
  }

  private TlsEngines boringOrNull() {
    try {
      return new BoringTls(trust);
    } catch (IOException | LinkageError e) {
      if (WARNED.compareAndSet(false, true)) {
        Log.LOG.warn("using the JDK's TLS, which is slower: {}", e.getMessage());
      }
      return null;
    }
  }

  /** Loaded where something is logged: to start a logger costs 10 ms. */
  private static final class Log {
    static final Logger LOG = LoggerFactory.getLogger(TlsLibrary.class);
  }
}
