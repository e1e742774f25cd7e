package io.azcp.transfer.blob;

import java.security.SignatureException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.regex.Pattern;

/**
 * Why a TLS handshake failed and what to do, one sentence a cause. Both libraries ask the same
 * trust manager, whose exceptions they wrap, each in its own way.
 */
final class TlsRefusal {
  /** How the JDK's check of the host's name begins what it says (RFC 2818, 3.1). */
  private static final Pattern HOST =
      Pattern.compile("(?s)(No subject alternative|No name matching|Illegal given domain name).*");

  private TlsRefusal() {}

  /** What goes after the name of the endpoint. */
  static String described(Throwable failure) {
    String why = rootMessage(failure);
    if (find(failure, CertificateExpiredException.class) != null) {
      return " is not trusted: its certificate has expired ("
          + why
          + "); it must be renewed, unless this machine's clock is wrong";
    }
    if (find(failure, CertificateNotYetValidException.class) != null) {
      return " is not trusted: its certificate is not valid yet ("
          + why
          + "); check this machine's clock";
    }
    if (isUnknownAuthority(failure)) {
      return " is not trusted: its certificate is by an authority that is not known here; name the"
          + " file of the authority's certificate with --ca-file or SSL_CERT_FILE";
    }
    if (HOST.matcher(why).matches()) {
      return " is not trusted: its certificate is for another host ("
          + why
          + "); check the host's name";
    }
    return find(failure, CertificateException.class) == null
        ? " does not agree on TLS: " + why + "; check scheme, port and proxy"
        : " is not trusted: " + why;
  }

  /** Whether no trusted authority has signed the certificate, whatever else it may be. */
  static boolean isUnknownAuthority(Throwable failure) {
    if (find(failure, CertPathBuilderException.class) != null) {
      return true;
    }
    var path = find(failure, CertPathValidatorException.class);
    return path != null && find(path, SignatureException.class) != null;
  }

  private static <T extends Throwable> T find(Throwable failure, Class<T> type) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return type.cast(t);
      }
    }
    return null;
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage() == null ? root.toString() : root.getMessage();
    return message.replace('\n', ' ');
  }
}
