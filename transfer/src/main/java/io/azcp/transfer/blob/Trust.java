package io.azcp.transfer.blob;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whose certificates are believed: a PEM file's where one is given, else the JVM's authorities and,
 * asked only when those do not know who signed, the system's bundle.
 */
final class Trust {
  /** Where distributions keep the bundle: Debian and Ubuntu; Fedora and RHEL; SUSE. */
  private static final String[] SYSTEM_BUNDLES = {
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem"
  };

  private Trust() {}

  /**
   * The trust of a file, or of JVM and system where it is null or empty.
   *
   * @throws AzcpException naming the file that cannot be used
   */
  static X509ExtendedTrustManager of(String caFile) throws AzcpException {
    try {
      if (caFile == null || caFile.isEmpty()) {
        return new JvmThenSystem(manager(null));
      }
      return pem(Path.of(caFile));
    } catch (IOException | GeneralSecurityException e) {
      throw new AzcpException(
          Errno.EINVAL,
          "the certificates of '" + caFile + "' cannot be used: " + e.getMessage(),
          e);
    }
  }

  private static X509ExtendedTrustManager pem(Path file)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (certificates.isEmpty()) {
        throw new CertificateException("it holds no certificate in PEM form");
      }
      int i = 0;
      for (Certificate certificate : certificates) {
        store.setCertificateEntry("ca" + i++, certificate);
      }
    }
    return manager(store);
  }

  private static X509ExtendedTrustManager manager(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager x509) {
        return x509;
      }
    }
    throw new GeneralSecurityException("this JVM has no X.509 trust manager");
  }

  private static final class JvmThenSystem extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager jvm;
    private X509ExtendedTrustManager system;

    JvmThenSystem(X509ExtendedTrustManager jvm) {
      this.jvm = jvm;
    }

    /** One of the ways to ask a trust manager. */
    private interface Check {
      void by(X509ExtendedTrustManager manager) throws CertificateException;
    }

    private void check(Check check) throws CertificateException {
      try {
        check.by(jvm);
      } catch (CertificateException refusal) {
        X509ExtendedTrustManager fallback =
            TlsRefusal.isUnknownAuthority(refusal) ? system() : null;
        if (fallback == null) {
          throw refusal;
        }
        check.by(fallback);
      }
    }

    private synchronized X509ExtendedTrustManager system() throws CertificateException {
      for (String bundle : SYSTEM_BUNDLES) {
        Path file = Path.of(bundle);
        if (system == null && Files.isReadable(file)) {
          try {
            system = pem(file);
          } catch (IOException | GeneralSecurityException e) {
            throw new CertificateException(bundle + " cannot be used: " + e.getMessage(), e);
          }
        }
      }
      return system;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      check(m -> m.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      check(m -> m.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(m -> m.checkServerTrusted(chain, type));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      jvm.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      jvm.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      jvm.checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return jvm.getAcceptedIssuers();
    }
  }
}
