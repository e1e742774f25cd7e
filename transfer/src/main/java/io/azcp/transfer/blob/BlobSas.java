package io.azcp.transfer.blob;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;

/**
 * Shared access signatures for reading one blob: signed by the account's key ("Create a service
 * SAS"), or by a key that the service lent an identity ("Create a user delegation SAS"); both as
 * version 2020-12-06 and later have them.
 */
final class BlobSas {
  private static final String VERSION = "2022-11-02";

  /** Whose headers the answer would be given: none. */
  private static final List<String> NO_HEADERS = List.of("", "", "", "", "");

  private BlobSas() {}

  /** A key that the service lends an identity for some days, as Get User Delegation Key has it. */
  record LentKey(
      String objectId,
      String tenantId,
      String start,
      String expiry,
      String service,
      String version,
      SharedKeySignature signature) {}

  /** The text of a time, in seconds. */
  static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** The query of a SAS by the account's key. */
  static String byKey(BlobUrl place, SharedKeySignature signature, String account, Instant until) {
    String expiry = time(until);
    // Permissions, start, expiry, resource, identifier, address, protocol, version, kind, snapshot,
    // encryption scope.
    String text =
        lines(List.of("r", "", expiry, resource(place, account), "", "", "", VERSION, "b", "", ""));
    return query(expiry) + "&sig=" + signed(signature, text);
  }

  /** The query of a SAS by a lent key. */
  static String byLentKey(BlobUrl place, LentKey key, Instant until) {
    String expiry = time(until);
    // As above, but for the identifier: the lent key, two further identities and a correlation.
    String text =
        lines(
            List.of(
                "r",
                "",
                expiry,
                resource(place, place.account()),
                key.objectId(),
                key.tenantId(),
                key.start(),
                key.expiry(),
                key.service(),
                key.version(),
                "",
                "",
                "",
                "",
                "",
                VERSION,
                "b",
                "",
                ""));
    return query(expiry)
        + "&skoid="
        + NameEncoding.query(key.objectId())
        + "&sktid="
        + NameEncoding.query(key.tenantId())
        + "&skt="
        + NameEncoding.query(key.start())
        + "&ske="
        + NameEncoding.query(key.expiry())
        + "&sks="
        + NameEncoding.query(key.service())
        + "&skv="
        + NameEncoding.query(key.version())
        + "&sig="
        + signed(key.signature(), text);
  }

  private static String resource(BlobUrl place, String account) {
    return "/blob/" + account + "/" + place.container() + "/" + place.name();
  }

  private static String lines(List<String> fields) {
    return String.join("\n", fields) + "\n" + String.join("\n", NO_HEADERS);
  }

  private static String query(String expiry) {
    return "sv=" + VERSION + "&sr=b&sp=r&se=" + NameEncoding.query(expiry);
  }

  private static String signed(SharedKeySignature signature, String text) {
    byte[] hash = signature.sign(text.getBytes(StandardCharsets.UTF_8));
    return NameEncoding.query(Base64.getEncoder().encodeToString(hash));
  }
}
