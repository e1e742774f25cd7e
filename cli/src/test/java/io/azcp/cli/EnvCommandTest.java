package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvCommandTest {
  @TempDir Path dir;

  private CliRunner runner() {
    // Nothing listens there: no test may ask the metadata service of the machine it runs on.
    return new CliRunner(dir).with("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:1");
  }

  @Test
  void keysAreNeverPrinted() {
    CliRunner.Result result =
        runner()
            .with("AZURE_STORAGE_ACCOUNT", "someaccount")
            .with("AZURE_STORAGE_KEY", "c2VjcmV0")
            .with("AZURE_STORAGE_SAS_TOKEN", "?sig=secret")
            .with("AZURE_STORAGE_CONNECTION_STRING", "AccountName=x;AccountKey=secret")
            .with("AZURE_STORAGE_ENDPOINT", "https://someaccount.blob.x.y/?sv=1&sig=secret")
            .with("AZCOPY_SPA_CLIENT_SECRET", "secret")
            .with("IDENTITY_HEADER", "secret")
            .with("https_proxy", "http://me:secret@proxy:1")
            .with("AZURE_TENANT_ID", "some-tenant")
            .run("env", "https://someaccount.blob.core.windows.net/c");
    assertThat(result.code()).isZero();
    assertThat(result.lines())
        .contains(
            "AZURE_STORAGE_ACCOUNT=someaccount",
            "AZURE_STORAGE_KEY=set",
            "AZURE_STORAGE_SAS_TOKEN=set",
            "AZURE_STORAGE_CONNECTION_STRING=set",
            "AZURE_STORAGE_ENDPOINT=https://someaccount.blob.x.y/?sv=1&sig=…",
            "AZCOPY_SPA_CLIENT_SECRET=set",
            "IDENTITY_HEADER=set",
            "HTTPS_PROXY=",
            "https_proxy=set",
            "AZURE_TENANT_ID=some-tenant",
            "AZFUSE_USE_FUSE=",
            "credential: AZURE_STORAGE_KEY");
    assertThat(result.out() + result.err()).doesNotContain("secret").doesNotContain("c2VjcmV0");
  }

  @Test
  void theSasOfTheUrlIsNamedAndNotShown() {
    CliRunner.Result result =
        runner().run("env", "https://acct.blob.core.windows.net/c?sig=secret");
    assertThat(result.lines())
        .contains("account: https://acct.blob.core.windows.net/", "credential: the URL's SAS");
    assertThat(result.out() + result.err()).doesNotContain("secret");
  }

  @Test
  void withoutAnyCredentialTheReasonsAreSaid() {
    CliRunner.Result result = runner().run("env", "https://acct.blob.core.windows.net/c");
    assertThat(result.lines()).contains("credential: anonymous");
    assertThat(result.err()).contains("managed identity:", "there is no az command");
  }

  @Test
  void withoutAUrlTheAccountOfTheEnvironmentIsMeant() {
    assertThat(runner().run("env").out()).contains("credential: give a URL");
    assertThat(
            runner()
                .with("AZURE_STORAGE_ACCOUNT", "acct")
                .with("AZURE_STORAGE_KEY", "a2V5")
                .run("env")
                .out())
        .contains("account: https://acct.blob.core.windows.net/")
        .contains("credential: AZURE_STORAGE_KEY");
  }
}
