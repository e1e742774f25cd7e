package io.azcp.transfer.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlobUrlTest {
  private static final String SAS = "sv=2024-11-04&sp=r&sig=abc%3D";

  @ParameterizedTest
  @CsvSource({
    "https://acct.blob.core.windows.net/c/p/q, acct, acct.blob.core.windows.net, 443, c, p/q",
    "https://acct.dfs.core.windows.net/c/p, acct, acct.blob.core.windows.net, 443, c, p",
    "https://acct.z01.blob.storage.azure.net/c, acct, acct.z01.blob.storage.azure.net, 443, c, ''",
    "https://ACCT.Blob.core.chinacloudapi.cn/C, acct, acct.blob.core.chinacloudapi.cn, 443, C, ''",
    "https://acct.blob.private.example:8443/, acct, acct.blob.private.example, 8443, '', ''",
    "https://acct-secondary.blob.core.windows.net/c/d/, acct,"
        + " acct-secondary.blob.core.windows.net, 443, c, d/"
  })
  void readsHostStyle(
      String url, String account, String host, int port, String container, String name)
      throws Exception {
    BlobUrl parsed = BlobUrl.parse(url, null);
    assertThat(parsed)
        .isEqualTo(new BlobUrl("https", host, port, false, account, container, name, ""));
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:10000/dev/c/a%20b, 127.0.0.1, 10000",
    "http://localhost/dev/c/a%20b, localhost, 80",
    "http://azurite:10000/dev/c/a%20b, azurite, 10000",
    "http://[::1]:10000/dev/c/a%20b, ::1, 10000",
    "http://[::1]/dev/c/a%20b, ::1, 80"
  })
  void readsPathStyle(String url, String host, int port) throws Exception {
    BlobUrl parsed = BlobUrl.parse(url, null);
    assertThat(parsed).isEqualTo(new BlobUrl("http", host, port, true, "dev", "c", "a b", ""));
    assertThat(parsed).hasToString(url);
  }

  @Test
  void anEndpointMakesItsHostPathStyle() throws Exception {
    String endpoint = "http://blobs.example.com:10000/dev";
    assertThat(BlobUrl.parse("http://blobs.example.com:10000/dev/c/n", endpoint))
        .isEqualTo(new BlobUrl("http", "blobs.example.com", 10000, true, "dev", "c", "n", ""));
    assertThat(BlobUrl.parse("https://a.blob.core.windows.net/c", endpoint).pathStyle()).isFalse();
  }

  @Test
  void azStandsForTheEndpoint() throws Exception {
    assertThat(BlobUrl.parse("az://acct/c/p%41", null))
        .hasToString("https://acct.blob.core.windows.net/c/pA");
    assertThat(BlobUrl.parse("az://dev/c/p", "http://127.0.0.1:10000/dev"))
        .hasToString("http://127.0.0.1:10000/dev/c/p");
    assertThat(BlobUrl.parse("az://acct/c", "https://acct.blob.core.usgovcloudapi.net"))
        .hasToString("https://acct.blob.core.usgovcloudapi.net/c");
    assertThat(BlobUrl.parse("az://acct/c", "https://blob.core.usgovcloudapi.net"))
        .hasToString("https://acct.blob.core.usgovcloudapi.net/c");
    assertThatThrownBy(() -> BlobUrl.parse("az://b/c", "https://a.blob.core.windows.net"))
        .hasMessageContaining("account 'a'");
  }

  @Test
  void decodesThePathOnceAndEncodesItStrictly() throws Exception {
    BlobUrl url = BlobUrl.parse("https://a.blob.x.y/c/x%2541y#1/%C3%BC+%20?" + SAS, null);
    assertThat(url.name()).isEqualTo("x%41y#1/ü+ ");
    assertThat(url).hasToString("https://a.blob.x.y/c/x%2541y%231/%C3%BC%2B%20");
  }

  @Test
  void neverPrintsTheSas() throws Exception {
    BlobUrl url = BlobUrl.parse("https://a.blob.x.y/c/n?" + SAS, null);
    assertThat(url.sas()).isEqualTo(SAS);
    assertThat(url.toString()).doesNotContain("sig").isEqualTo("https://a.blob.x.y/c/n");
    assertThatThrownBy(() -> BlobUrl.parse("https://a.b.c.d/c/n?" + SAS, null))
        .hasMessageNotContaining("sig=");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://a.blob.x.y/c",
        "https://",
        "https://storage.example.com/acct/c",
        "https://a.blob.x.y:99999/c",
        "https://a.blob.x.y:x/c",
        "https://a.blob.x.y/c/100%",
        "https://a.blob.x.y/c/what?now",
        "https://a.blob.x.y//name",
        "https://u:p@a.blob.x.y/c",
        "http://127.0.0.1:10000/",
        "http://[::1/dev/c",
        "az:///c",
        "https://bad_name.blob.x.y/c"
      })
  void refusesWithOneSentence(String url) {
    assertThatThrownBy(() -> BlobUrl.parse(url, null))
        .isInstanceOfSatisfying(
            AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL))
        .hasMessageContaining("URL");
  }
}
