package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandTest {
  @TempDir Path dir;

  @Test
  void checkPrintsTheRulesWithoutSecrets() throws Exception {
    Path accounts = Files.createDirectories(dir.resolve("aux_data/storage_account"));
    Files.writeString(
        accounts.resolve("acc.yaml"),
        "account_name: someaccount\naccount_key: c2VjcmV0\ncontainer_name: data\n");
    Files.writeString(
        dir.resolve("rules.yaml"),
        "- cache: /tmp/azcp-cache\n  local: data\n  remote: prefix\n  storage_account: acc\n");
    CliRunner.Result result = new CliRunner(dir).run("config", "check", "--config", "rules.yaml");
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains("someaccount")
        .contains(dir.resolve("data").toString())
        .doesNotContain("c2VjcmV0");
  }

  @Test
  void aMistakeNamesFileLineAndKeyAndTheExitCodeIsTwo() throws Exception {
    Files.writeString(dir.resolve("rules.yaml"), "- cache: /tmp/c\n  lokal: data\n");
    CliRunner.Result result = new CliRunner(dir).run("config", "check", "--config", "rules.yaml");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("azcp: rules.yaml:2").contains("lokal");
    assertThat(result.err().lines()).hasSize(1);
  }

  @Test
  void withoutASubcommandTheUsageIsShown() {
    CliRunner.Result result = new CliRunner(dir).run("config");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("Usage: azcp config").contains("check");
  }
}
