package io.azcp.transfer.blob;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses who does TLS: BoringSSL for many bytes, the JDK for few or where it must. */
final class TlsLibrary {
  private static final AtomicBoolean WARNED = new AtomicBoolean();

  private TlsLibrary() {}

  static TlsEngines choose(ClientOptions options) throws IOException {
    X509ExtendedTrustManager trust = Trust.of(options.caFile());
    if (options.bulk()) {
      try {
        return new BoringTls(trust);
      } catch (IOException | LinkageError e) {
        if (WARNED.compareAndSet(false, true)) {
          Log.LOG.warn("using the JDK's TLS, which is slower: {}", e.getMessage());
        }
      }
    }
    try {
      return new JdkTls(trust);
    } catch (GeneralSecurityException e) {
      throw new IOException("this JVM has no TLS: " + e.getMessage(), e);
    }
  }

  /** Loaded where something is logged: to start a logger costs 10 ms. */
  private static final class Log {
    static final Logger LOG = LoggerFactory.getLogger(TlsLibrary.class);
  }
}
