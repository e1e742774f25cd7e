package io.azcp.transfer.blob;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;

/**
 * Lets another account's service read one blob: with the SAS or token at hand, or with a SAS made
 * of the key ("Create a service SAS", version 2020-12-06 and later).
 */
final class SourceAccess {
  /** A copy of the largest blob, begun late, should be over by then. */
  private static final Duration VALID = Duration.ofHours(24);

  private static final String SAS_VERSION = "2022-11-02";

  private SourceAccess() {}

  static CopySource of(
      RequestBuilder.Endpoint endpoint, String container, String name, BlobProperties version)
      throws IOException {
    BlobUrl place = endpoint.account().at(container, name);
    String sas = endpoint.sas();
    if (endpoint.credential() instanceof Credential.SharedKey key) {
      sas = sas(place, endpoint.signature(), key.account(), Instant.now().plus(VALID));
    }
    String token = endpoint.token();
    return new CopySource(
        sas.isEmpty() ? place.toString() : place + "?" + sas,
        token.isEmpty() ? "" : "Bearer " + token,
        version);
  }

  /** A SAS that lets one blob be read until then. */
  private static String sas(
      BlobUrl place, SharedKeySignature signature, String account, Instant until) {
    String expiry = until.truncatedTo(ChronoUnit.SECONDS).toString();
    String resource = "/blob/" + account + "/" + place.container() + "/" + place.name();
    // Permissions, start, expiry, resource, identifier, address, protocol, version, kind, snapshot,
    // encryption scope, and five headers the answer would be given.
    String text =
        String.join(
            "\n",
            "r",
            "",
            expiry,
            resource,
            "",
            "",
            "",
            SAS_VERSION,
            "b",
            "",
            "",
            "",
            "",
            "",
            "",
            "");
    return "sv="
        + SAS_VERSION
        + "&sr=b&sp=r&se="
        + NameEncoding.query(expiry)
        + "&sig="
        + NameEncoding.query(
            Base64.getEncoder()
                .encodeToString(signature.sign(text.getBytes(StandardCharsets.UTF_8))));
  }
}
