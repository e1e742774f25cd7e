package io.azcp.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccountFilesTest {
  private static final String RULES = "- {local: d, remote: r, cache: c, storage_account: acc}\n";
  private static final String NAMES = "account_name: n\ncontainer_name: con\n";

  @TempDir Path dir;
  private ConfigFolder folder;

  @BeforeEach
  void layOut() {
    folder = new ConfigFolder(dir);
  }

  private StorageAccount read(String yaml) throws IOException {
    return folder.account("acc", yaml).rules(RULES).load().rules().get(0).account();
  }

  @ParameterizedTest
  @CsvSource({"?sv=1&sig=x", "sv=1&sig=x"})
  void takesASasWithOrWithoutItsQuestionMarkBeforeTheKey(String sas) throws IOException {
    StorageAccount account =
        read(NAMES + "account_key: " + ConfigFolder.KEY + "\nsas_token: '" + sas + "'\n");
    assertThat(account.sasToken()).isEqualTo("sv=1&sig=x");
    assertThat(account.accountKey()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "account_key: null\nsas_token: null\n",
        "account_key:\nsas_token: ''\n",
        "sas_token: '?'\n"
      })
  void leavesBothNullForTheCredentialsOfTheMachine(String lines) throws IOException {
    StorageAccount account = read(NAMES + lines);
    assertThat(account.sasToken()).isNull();
    assertThat(account.accountKey()).isNull();
    assertThat(account.defaultCredential()).isFalse();
  }

  @Test
  void readsTheSwitchForTheCredentialsOfTheMachine() throws IOException {
    StorageAccount account =
        read(NAMES + "use_default_azure_cred: true\naccount_key: " + ConfigFolder.KEY + "\n");
    assertThat(account.defaultCredential()).isTrue();
    assertThat(account.accountKey()).isNull();
    assertThat(folder.load().notes()).singleElement().asString().contains("left aside");
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:10000/devstoreaccount1, http://127.0.0.1:10000/devstoreaccount1",
    "https://n.blob.core.chinacloudapi.cn/, https://n.blob.core.chinacloudapi.cn",
  })
  void readsEndpoints(String written, String endpoint) throws IOException {
    assertThat(read(NAMES + "endpoint: " + written + "\n").endpoint()).isEqualTo(endpoint);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:10000",
        "ftp://host",
        "https://",
        "https://u:secret@host",
        "https://host?sig=secret",
        "https://h ost"
      })
  void refusesOtherEndpointsWithoutShowingSecrets(String endpoint) {
    assertThatThrownBy(() -> read(NAMES + "endpoint: '" + endpoint + "'\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("acc.yaml:3: key 'endpoint'")
        .hasMessageNotContaining("secret");
  }

  @Test
  void refusesAKeyThatIsNoBase64WithoutShowingIt() {
    assertThatThrownBy(() -> read(NAMES + "account_key: 'top*secret'\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("acc.yaml:3: key 'account_key': is no Base64 text")
        .hasMessageNotContaining("top")
        .hasNoCause();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "UPPER", "a--b", "-ab", "con/sub", "a_b"})
  void refusesNamesNoContainerHas(String name) {
    assertThatThrownBy(() -> read("account_name: n\ncontainer_name: " + name + "\n"))
        .hasMessageContaining("'" + name + "' cannot be a container");
  }

  @Test
  void namesMissingAndUnknownKeys() {
    assertThatThrownBy(() -> read("account_name: n\n"))
        .hasMessageContaining("acc.yaml:1: an account file lacks the key 'container_name'");
    assertThatThrownBy(() -> read(NAMES + "sas_tokens: x\n"))
        .hasMessageContaining("acc.yaml:3: unknown key 'sas_tokens'")
        .hasMessageContaining("did you mean 'sas_token'?");
    assertThatThrownBy(() -> read("")).hasMessageContaining("acc.yaml: is empty");
  }

  @Test
  void neverPrintsSecrets() throws IOException {
    StorageAccount account = read(NAMES + "sas_token: sig=hidden\n");
    assertThat(account.toString()).doesNotContain("hidden");
    assertThat(folder.load().toString()).doesNotContain("hidden");
  }

  @Test
  void looksInTheNamedFolderOnly() throws IOException {
    folder.rules(RULES).account("acc", NAMES).write("elsewhere/acc.yaml", NAMES.replace("n", "m"));
    folder.set("AZFUSE_STORAGE_ACCOUNT_CONFIG_FOLDER", "elsewhere");
    assertThatThrownBy(() -> folder.load()).hasMessageContaining("elsewhere/acc.yaml");
    folder.write("elsewhere/acc.yaml", "account_name: there\ncontainer_name: con\n");
    assertThat(folder.load().rules().get(0).account().accountName()).isEqualTo("there");
    Files.delete(dir.resolve("elsewhere/acc.yaml"));
    assertThatThrownBy(() -> folder.load())
        .hasMessageStartingWith(
            "aux_data/configs/azfuse.yaml:1: key 'storage_account': there is no account file 'acc'")
        .hasMessageNotContaining("aux_data/storage_account");
  }

  @Test
  void looksBesideTheConfigurationWhenTheWorkingDirectoryHasNone() throws IOException {
    folder.write("job/aux_data/configs/azfuse.yaml", RULES);
    folder.write("job/aux_data/storage_account/acc.yaml", NAMES);
    String config = "job/aux_data/configs/azfuse.yaml";
    assertThat(folder.load(config).rules().get(0).account().file())
        .isEqualTo(dir + "/job/aux_data/storage_account/acc.yaml");
    Files.delete(dir.resolve("job/aux_data/storage_account/acc.yaml"));
    folder.write("job/aux_data/configs/acc.yaml", NAMES);
    assertThat(folder.load(config).rules().get(0).account().file())
        .isEqualTo(dir + "/job/aux_data/configs/acc.yaml");
    folder.account("acc", NAMES);
    assertThat(folder.load(config).rules().get(0).account().file())
        .isEqualTo(dir + "/aux_data/storage_account/acc.yaml");
  }
}
