package io.azcp.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReportTest {
  private static final String NAMES = "account_name: n\ncontainer_name: con\n";

  @TempDir Path dir;
  private ConfigFolder folder;

  @BeforeEach
  void layOut() throws IOException {
    folder = ConfigFolder.withAccount(dir);
  }

  private String report() throws IOException {
    return ConfigReport.render(folder.load(), folder.environment());
  }

  @Test
  void printsWhatWasUnderstood() throws IOException {
    Files.createDirectories(dir.resolve("real"));
    Files.createSymbolicLink(dir.resolve("link"), dir.resolve("real"));
    Path account = dir.resolve("aux_data/storage_account/acc.yaml");
    Files.setPosixFilePermissions(account, PosixFilePermissions.fromString("rw-------"));
    folder
        .set("AZFUSE_USE_FUSE", "1")
        .rules(
            """
            - {local: data, remote: azfuse_data, cache: new, storage_account: acc}
            - {local: ~/m, remote: , cache: link, storage_account: acc,
               close: remote, read_only: yes, upload_delay: 0, attr_ttl: 5m, consistency: cached,
               on_conflict: keep, excl: remote, durability: close, upload_every: 30s,
               max_dirty: 1GiB, early_upload: '*.pt', staging: shm, keep: true,
               cache_limit: 10GiB}
            """);
    assertThat(report())
        .isEqualTo(
            """
            Configuration: %1$s/aux_data/configs/azfuse.yaml

            1. data
               local         %1$s/data
               remote        azfuse_data
               cache         %1$s/new  (not there yet)
               account       accountname  (%1$s/aux_data/storage_account/acc.yaml)
               container     containername
               endpoint      https://accountname.blob.core.windows.net
               credential    account key (set)
               close         local
               fsync         local
               read_only     false
               special_files false
               upload_delay  2s
               attr_ttl      1m
               consistency   ttl
               on_conflict   overwrite
               excl          local
               durability    background
               upload_every  0s
               early_upload  none
               staging       disk
               max_dirty     80%% of what the cache may hold
               cache_limit   none
               from          aux_data/configs/azfuse.yaml:1

            2. ~/m
               local         /home/someone/m
               remote        (the whole container)
               cache         %1$s/link -> %2$s
               account       accountname  (%1$s/aux_data/storage_account/acc.yaml)
               container     containername
               endpoint      https://accountname.blob.core.windows.net
               credential    account key (set)
               close         remote
               fsync         local
               read_only     true
               special_files false
               upload_delay  0s
               attr_ttl      5m
               consistency   cached
               on_conflict   keep
               excl          remote
               durability    close
               upload_every  30s
               early_upload  *.pt
               staging       shm
               staging_size  a quarter of the memory
               keep          true
               max_dirty     1GiB
               cache_limit   10GiB
               from          aux_data/configs/azfuse.yaml:2
            """
                .formatted(dir, dir.resolve("real").toRealPath()));
  }

  @Test
  void showsNoSecret() throws IOException {
    folder.account("acc", NAMES + "sas_token: sig=hidden\n").rule();
    assertThat(report()).contains("SAS token (set)").doesNotContain("hidden");
  }

  @Test
  void namesTheCredentialThatTheEnvironmentGives() throws IOException {
    folder.account("acc", NAMES).rule();
    assertThat(report()).contains("none in the file and none in the environment");
    folder.set("AZURE_STORAGE_SAS_TOKEN", "sig=hidden");
    assertThat(report()).contains("SAS token from AZURE_STORAGE_SAS_TOKEN (set)");
    folder.set("AZURE_STORAGE_KEY", "hidden").set("AZURE_STORAGE_ACCOUNT", "another");
    assertThat(report()).contains("SAS token from AZURE_STORAGE_SAS_TOKEN (set)");
    folder.set("AZURE_STORAGE_ACCOUNT", "n");
    assertThat(report())
        .contains("account key from AZURE_STORAGE_KEY (set)")
        .doesNotContain("hidden");
  }

  @Test
  void notesWhatIsNoError() throws IOException {
    Path account = dir.resolve("aux_data/storage_account/acc.yaml");
    Files.setPosixFilePermissions(account, PosixFilePermissions.fromString("rw-r--r--"));
    folder.rule("cache_lock: true");
    assertThat(report())
        .contains("Notes:\n- aux_data/configs/azfuse.yaml:5: cache_lock: true changes nothing")
        .contains("- " + account + " can be read by other users: chmod 600 " + account)
        .contains("- AZFUSE_USE_FUSE is not set, which does not stop these commands");
    folder.set("QD_USE_FUSE", "0");
    assertThat(report()).contains("- QD_USE_FUSE is 0, which does not stop");
  }
}
