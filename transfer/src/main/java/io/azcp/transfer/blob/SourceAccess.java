package io.azcp.transfer.blob;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/**
 * Lets another account's service read one blob: with the SAS or token at hand, or with a SAS made
 * of the key.
 */
final class SourceAccess {
  /** A copy of the largest blob, begun late, should be over by then. */
  private static final Duration VALID = Duration.ofHours(24);

  private SourceAccess() {}

  static CopySource of(
      RequestBuilder.Endpoint endpoint, String container, String name, BlobProperties version)
      throws IOException {
    BlobUrl place = endpoint.account().at(container, name);
    String sas = endpoint.sas();
    if (endpoint.credential() instanceof Credential.SharedKey key) {
      sas = BlobSas.byKey(place, endpoint.signature(), key.account(), Instant.now().plus(VALID));
    }
    String token = endpoint.token();
    return new CopySource(
        sas.isEmpty() ? place.toString() : place + "?" + sas,
        token.isEmpty() ? "" : "Bearer " + token,
        version);
  }
}
