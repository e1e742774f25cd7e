package io.azcp.transfer.blob;

import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** Makes the client side of TLS sessions; an implementation is a TLS library. Thread-safe. */
interface TlsEngines {
  /** Names that are addresses and must not be sent as server names (RFC 6066, 3). */
  Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

  /** A new engine for one connection, the host to be verified and named to the server. */
  SSLEngine engine(String host, int port);

  /** Frees what the engine holds outside the heap. */
  void release(SSLEngine engine);

  /** Name for messages and tests. */
  String library();

  /** What every engine is told, whatever the library's own defaults are. */
  static void configure(SSLEngine engine, String host) {
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    if (!ADDRESS.matcher(host).matches()) {
      parameters.setServerNames(List.of(new SNIHostName(host)));
    }
    engine.setSSLParameters(parameters);
  }
}
