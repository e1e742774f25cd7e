package io.azcp.transfer.blob;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Links by which others can read a blob. */
record HttpLinks(HttpCalls calls) {
  /** A link to one blob; whether there is such a blob is not asked. */
  ReadLink read(String container, String name) throws IOException {
    NameEncoding.check(name);
    RequestBuilder.Endpoint endpoint = calls.endpoint();
    BlobUrl place = endpoint.account().at(container, name);
    Instant now = Instant.now().plusMillis(calls.clock().aheadMillis());
    if (endpoint.credential() instanceof Credential.SharedKey key) {
      Instant until = now.plus(ReadLink.BY_KEY);
      return link(place, BlobSas.byKey(place, endpoint.signature(), key.account(), until), until);
    }
    if (endpoint.credential() instanceof Credential.Bearer) {
      Instant until = now.plus(ReadLink.BY_IDENTITY);
      return link(place, BlobSas.byLentKey(place, lentKey(now, until), until), until);
    }
    throw new AzcpException(
        Errno.EACCES,
        "no link to "
            + HttpCalls.subject(container, name)
            + " can be made with the credential at hand ("
            + endpoint.credential().source()
            + "): it takes the account's key or an identity");
  }

  private static ReadLink link(BlobUrl place, String sas, Instant until) {
    return new ReadLink(place + "?" + sas, until);
  }

  /** Get User Delegation Key. */
  private BlobSas.LentKey lentKey(Instant start, Instant until) throws IOException {
    RequestBuilder request =
        calls
            .request("POST", "")
            .query("restype", "service")
            .query("comp", "userdelegationkey")
            .body(
                "<?xml version=\"1.0\" encoding=\"utf-8\"?><KeyInfo><Start>"
                    + BlobSas.time(start)
                    + "</Start><Expiry>"
                    + BlobSas.time(until)
                    + "</Expiry></KeyInfo>");
    String account = calls.endpoint().account().account();
    Map<String, String> told = new HashMap<>();
    for (SimpleXml.Text text :
        calls.document(request, "get a user delegation key of", "account " + account)) {
      told.put(text.path().substring(text.path().lastIndexOf('/') + 1), text.value());
    }
    String value = told.getOrDefault("Value", "");
    if (value.isEmpty()) {
      throw new AzcpException(
          Errno.EPROTO, "the account " + account + " answered with no user delegation key");
    }
    return new BlobSas.LentKey(
        told.getOrDefault("SignedOid", ""),
        told.getOrDefault("SignedTid", ""),
        told.getOrDefault("SignedStart", ""),
        told.getOrDefault("SignedExpiry", ""),
        told.getOrDefault("SignedService", ""),
        told.getOrDefault("SignedVersion", ""),
        new SharedKeySignature(Credential.SharedKey.of(account, value, "the user delegation key")));
  }
}
