package io.azcp.transfer.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import io.azcp.config.StorageAccount;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BlobServicesTest {
  private static final String KEY = "a2V5";
  private static final String FROM_CONNECTION =
      "DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=a2V5;EndpointSuffix=x.y";

  private static StorageAccount account(String key, String sas, String endpoint, boolean chain) {
    return new StorageAccount("a", "a.yaml", "acct", key, sas, "c", endpoint, chain);
  }

  /** No test may ask the metadata service of the machine it runs on: nothing listens there. */
  private static Map<String, String> isolated(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.putIfAbsent("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:1");
    return all;
  }

  private static OpenedService open(StorageAccount account, Map<String, String> environment)
      throws IOException {
    OpenedService opened = BlobServices.open(account, isolated(environment), ClientOptions.DEFAULT);
    opened.close();
    return opened;
  }

  private static OpenedService open(String url, Map<String, String> environment)
      throws IOException {
    BlobUrl place = BlobServices.parse(url, null, environment);
    OpenedService opened = BlobServices.open(place, isolated(environment), ClientOptions.DEFAULT);
    opened.close();
    return opened;
  }

  @Test
  void theFilesSasWinsOverItsKeyAndBothOverTheEnvironment() throws IOException {
    Map<String, String> environment = Map.of("AZURE_STORAGE_SAS_TOKEN", "sig=e");
    assertThat(open(account(KEY, "?sig=s", null, false), environment).service().account().sas())
        .isEmpty();
    assertThat(open(account(null, null, null, false), environment).credentialSource())
        .isEqualTo("AZURE_STORAGE_SAS_TOKEN");
    assertThat(open(account(KEY, null, null, false), environment).credentialSource())
        .isEqualTo("a.yaml");
  }

  @Test
  void theEndpointIsThePublicCloudsUnlessNamed() throws IOException {
    assertThat(open(account(KEY, null, null, false), Map.of()).service().account())
        .hasToString("https://acct.blob.core.windows.net/");
    assertThat(
            open(account(KEY, null, "http://127.0.0.1:1/acct", false), Map.of())
                .service()
                .account())
        .hasToString("http://127.0.0.1:1/acct");
    assertThatThrownBy(() -> open(account(KEY, null, "nonsense", false), Map.of()))
        .hasMessageContaining("a.yaml")
        .hasMessageContaining("nonsense");
  }

  @Test
  void theEnvironmentIsAskedInOrder() throws IOException {
    String url = "https://acct.blob.core.windows.net/c";
    Map<String, String> all =
        Map.of(
            "AZURE_STORAGE_ACCOUNT",
            "acct",
            "AZURE_STORAGE_KEY",
            KEY,
            "AZURE_STORAGE_SAS_TOKEN",
            "sig=e",
            "AZURE_STORAGE_CONNECTION_STRING",
            FROM_CONNECTION);
    assertThat(open(url + "?sig=u", all).credentialSource()).isEqualTo("the URL's SAS");
    assertThat(open(url, all).credentialSource()).isEqualTo("AZURE_STORAGE_KEY");
    assertThat(open("https://other.blob.core.windows.net/c", all).credentialSource())
        .isEqualTo("AZURE_STORAGE_SAS_TOKEN");
    assertThat(
            open(url, Map.of("AZURE_STORAGE_CONNECTION_STRING", FROM_CONNECTION))
                .credentialSource())
        .isEqualTo("AZURE_STORAGE_CONNECTION_STRING");
  }

  @Test
  void nobodyInParticularIsSaidOnce() throws IOException {
    OpenedService opened =
        open(
            "https://acct.blob.core.windows.net/c",
            Map.of("AZURE_STORAGE_ACCOUNT", "other", "AZURE_STORAGE_KEY", KEY));
    assertThat(opened.credentialSource()).isEqualTo("anonymous");
    assertThat(opened.notes())
        .hasSize(2)
        .anySatisfy(n -> assertThat(n).contains("names 'other'"))
        .anySatisfy(n -> assertThat(n).contains("anonymous"));
  }

  @Test
  void whyNoIdentityCanBeUsedIsSaid() throws IOException {
    assertThat(open(account(null, null, null, true), Map.of()).notes())
        .singleElement()
        .asString()
        .contains("managed identity: http://127.0.0.1:1 cannot be reached")
        .contains("az CLI: there is no az command")
        .contains("anonymous");
  }

  @Test
  void identitiesAreNotAskedForOtherHostsUnlessNamed() throws IOException {
    assertThat(open("http://127.0.0.1:7/acct/c", Map.of()).notes())
        .singleElement()
        .asString()
        .doesNotContain("managed identity");
    assertThat(open("https://acct.blob.example.com/c", Map.of()).notes())
        .singleElement()
        .asString()
        .contains("AZCOPY_AUTO_LOGIN_TYPE")
        .doesNotContain("managed identity");
  }

  @Test
  void aTokenIsNeverSentInTheClear() {
    assertThatThrownBy(
            () -> open("http://azurite:10000/acct/c", Map.of("AZCOPY_AUTO_LOGIN_TYPE", "MSI")))
        .isInstanceOf(AzcpException.class)
        .hasMessageContaining("https only");
  }

  @Test
  void azFollowsTheEndpointThatHolds() throws IOException {
    Map<String, String> variable = Map.of("AZURE_STORAGE_ENDPOINT", "http://127.0.0.1:7/acct");
    assertThat(BlobServices.parse("az://acct/c/n", null, variable))
        .hasToString("http://127.0.0.1:7/acct/c/n");
    assertThat(BlobServices.parse("az://acct/c", "http://127.0.0.1:8/acct", variable))
        .hasToString("http://127.0.0.1:8/acct/c");
    Map<String, String> connection = Map.of("AZURE_STORAGE_CONNECTION_STRING", FROM_CONNECTION);
    assertThat(BlobServices.parse("az://acct/c", null, connection))
        .hasToString("https://acct.blob.x.y/c");
    assertThat(BlobServices.parse("az://other/c", null, connection))
        .hasToString("https://other.blob.core.windows.net/c");
  }

  @Test
  void brokenConnectionStringsAreNamedWithoutTheirSecrets() {
    for (String text :
        new String[] {"AccountKey=c2VjcmV0", "secret", "UseDevelopmentStorage=true"}) {
      assertThatThrownBy(
              () ->
                  BlobServices.parse(
                      "https://a.blob.x.y/c",
                      null,
                      Map.of("AZURE_STORAGE_CONNECTION_STRING", text)))
          .isInstanceOf(AzcpException.class)
          .hasMessageContaining("AZURE_STORAGE_CONNECTION_STRING")
          .hasMessageNotContaining("c2VjcmV0")
          .hasMessageNotContaining("secret");
    }
  }
}
