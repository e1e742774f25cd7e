package io.azcp.transfer.blob;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS by BoringSSL (netty-tcnative), its engine driven without an event loop: loads slowly, costs
 * less per byte. Nothing else may name this class's imports, so that short commands never load
 * them.
 */
final class BoringTls implements TlsEngines {
  static {
    // Netty tells the flight recorder of every buffer; loading that takes 0.2 s of processor time.
    String events = "io.netty.jfr.enabled";
    if (System.getProperty(events) == null) {
      System.setProperty(events, "false");
    }
  }

  private static final ByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(true);

  private final SslContext context;

  /**
   * @throws IOException where the native library does not load here
   */
  BoringTls(X509ExtendedTrustManager trust) throws IOException {
    Throwable cause = OpenSsl.unavailabilityCause();
    if (cause != null) {
      throw new IOException("BoringSSL does not load: " + cause.getMessage(), cause);
    }
    context =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.OPENSSL)
            .protocols("TLSv1.3", "TLSv1.2")
            .trustManager(trust)
            .build();
  }

  @Override
  public SSLEngine engine(String host, int port) {
    SSLEngine engine = context.newEngine(ALLOCATOR, host, port);
    TlsEngines.configure(engine, host);
    return engine;
  }

  @Override
  public void release(SSLEngine engine) {
    ReferenceCountUtil.release(engine);
  }

  @Override
  public String library() {
    return "BoringSSL";
  }
}
