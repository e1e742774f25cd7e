package io.azcp.transfer.blob;

import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS by the JDK: loads fast, costs more per byte. */
final class JdkTls implements TlsEngines {
  private final SSLContext context;

  JdkTls(X509ExtendedTrustManager trust) throws GeneralSecurityException {
    context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {trust}, null);
  }

  @Override
  public SSLEngine engine(String host, int port) {
    SSLEngine engine = context.createSSLEngine(host, port);
    TlsEngines.configure(engine, host);
    return engine;
  }

  @Override
  public void release(SSLEngine engine) {}

  @Override
  public String library() {
    return "JDK";
  }
}
