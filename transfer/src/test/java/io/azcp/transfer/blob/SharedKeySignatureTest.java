package io.azcp.transfer.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SharedKeySignatureTest {
  /** The example of "Authorize with Shared Key", section "Constructing the signature string". */
  @Test
  void signsTheDocumentedString() {
    TreeMap<String, String> query = new TreeMap<>();
    query.put("comp", "metadata");
    query.put("restype", "container");
    query.put("timeout", "20");
    String text =
        SharedKeySignature.stringToSign(
            "myaccount",
            "GET",
            "/mycontainer",
            query,
            Map.of(
                "x-ms-date", "Fri, 26 Jun 2015 23:39:12 GMT",
                "x-ms-version", "2015-02-21",
                "content-length", "0"));
    assertThat(text)
        .isEqualTo(
            """
            GET











            x-ms-date:Fri, 26 Jun 2015 23:39:12 GMT
            x-ms-version:2015-02-21
            /myaccount/mycontainer
            comp:metadata
            restype:container
            timeout:20""");
  }

  @Test
  void keysAreNeverShown() throws AzcpException {
    Credential key = Credential.SharedKey.of("acct", "c2VjcmV0LWtleQ==", "file");
    assertThat(key.toString()).isEqualTo("SharedKey[acct, file]");
    assertThat(Credentials.sas("?sig=secret", "file").toString()).isEqualTo("Sas[file]");
    assertThatThrownBy(() -> Credential.SharedKey.of("acct", "not*base64", "account.yaml"))
        .hasMessageContaining("account.yaml")
        .hasMessageNotContaining("not*base64");
  }

  @Test
  void headersCannotBeSmuggledIn() throws AzcpException {
    RequestBuilder.Endpoint endpoint =
        RequestBuilder.Endpoint.of(
            BlobUrl.parse("https://a.blob.x.y/", null),
            ClientOptions.DEFAULT,
            new Credential.Anonymous());
    for (Map<String, String> metadata :
        List.of(Map.of("k", "v\r\nx-ms-evil: 1"), Map.of("k\r\n", "v"), Map.of("k", "ü"))) {
      assertThatThrownBy(
              () -> new RequestBuilder(endpoint, "PUT", "c", "b").metadata(metadata).build())
          .hasMessageContaining("metadata keys are letters");
    }
  }
}
