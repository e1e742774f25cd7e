package io.azcp.config;

import io.azcp.base.ByteSize;
import io.azcp.base.Durations;
import io.azcp.base.glob.Glob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What {@code azcp config check} prints: the rules as they were understood, without secrets. */
public final class ConfigReport {
  private final Mapping mapping;
  private final Environment environment;
  private final StringBuilder text = new StringBuilder();

  private ConfigReport(Mapping mapping, Environment environment) {
    this.mapping = mapping;
    this.environment = environment;
  }

  /** The report, lines ending in a newline. Contacts no service. */
  public static String render(Mapping mapping, Environment environment) {
    return new ConfigReport(mapping, environment).render();
  }

  private String render() {
    text.append("Configuration: ").append(mapping.file()).append('\n');
    int number = 0;
    for (MappingRule rule : mapping.rules()) {
      number++;
      text.append('\n').append(number).append(". ").append(rule.local()).append('\n');
      rule(rule);
    }
    List<String> notes = notes();
    if (!notes.isEmpty()) {
      text.append("\nNotes:\n");
      notes.forEach(note -> text.append("- ").append(note).append('\n'));
    }
    return text.toString();
  }

  private void rule(MappingRule rule) {
    StorageAccount account = rule.account();
    line("local", environment.absolute(rule.local()));
    line("remote", rule.remote().isEmpty() ? "(the whole container)" : rule.remote());
    line("cache", cache(rule));
    line("account", account.accountName() + "  (" + account.file() + ")");
    line("container", account.containerName());
    line("endpoint", endpoint(account));
    line("credential", credential(account));
    line("close", where(rule.closeRemote()));
    line("fsync", where(rule.fsyncRemote()));
    line("read_only", String.valueOf(rule.readOnly()));
    line("special_files", String.valueOf(rule.specialFiles()));
    line("upload_delay", Durations.format(rule.uploadDelay()));
    line("attr_ttl", Durations.format(rule.attrTtl()));
    line("consistency", rule.consistency().word());
    writing(rule.writing());
    line("cache_limit", size(rule.cacheLimitBytes()));
    line("from", rule.origin());
  }

  private void writing(WritePolicy policy) {
    line("on_conflict", policy.onConflict().word());
    line("excl", where(policy.exclusiveRemote()));
    line("durability", policy.durableClose() ? "close" : "background");
    line("upload_every", Durations.format(policy.uploadEvery()));
    line("early_upload", policy.earlyUpload().map(Glob::toString).orElse("none"));
    line("staging", policy.staging().memory() ? "shm" : "disk");
    if (policy.staging().memory()) {
      long bytes = policy.staging().bytes();
      line("staging_size", bytes == Long.MAX_VALUE ? "a quarter of the memory" : size(bytes));
      line("keep", String.valueOf(policy.staging().keep()));
    }
    boolean told = policy.maxDirtyBytes() < Long.MAX_VALUE;
    line("max_dirty", told ? size(policy.maxDirtyBytes()) : RuleKey.MAX_DIRTY.fallback());
  }

  private static String size(long bytes) {
    return bytes == Long.MAX_VALUE ? "none" : new ByteSize(bytes).toString();
  }

  private void line(String key, String value) {
    text.append("   ").append(key).append(" ".repeat(14 - key.length())).append(value).append('\n');
  }

  private static String cache(MappingRule rule) {
    String real = Paths.real(rule.cache());
    String link = real.equals(rule.cache()) ? "" : " -> " + real;
    return rule.cache() + link + (Paths.exists(rule.cache()) ? "" : "  (not there yet)");
  }

  private static String endpoint(StorageAccount account) {
    return account.endpoint() != null
        ? account.endpoint()
        : "https://" + account.accountName() + ".blob.core.windows.net";
  }

  private static String where(boolean remote) {
    return remote ? "remote" : "local";
  }

  private String credential(StorageAccount account) {
    if (account.sasToken() != null) {
      return "SAS token (set)";
    }
    if (account.accountKey() != null) {
      return "account key (set)";
    }
    boolean sameAccount =
        environment
            .variable("AZURE_STORAGE_ACCOUNT")
            .filter(account.accountName()::equals)
            .isPresent();
    if (sameAccount && environment.variable("AZURE_STORAGE_KEY").isPresent()) {
      return "account key from AZURE_STORAGE_KEY (set)";
    }
    if (environment.variable("AZURE_STORAGE_SAS_TOKEN").isPresent()) {
      return "SAS token from AZURE_STORAGE_SAS_TOKEN (set)";
    }
    return "none in the file and none in the environment";
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>(mapping.notes());
    Set<String> files = new LinkedHashSet<>();
    mapping.rules().forEach(rule -> files.add(rule.account().file()));
    for (String file : files) {
      if (isOpenToOthers(file)) {
        notes.add(file + " can be read by other users: chmod 600 " + file);
      }
    }
    Optional<Environment.Variable> use = environment.azfuse(VariableName.USE_FUSE.bare());
    if (use.isEmpty()) {
      notes.add(VariableName.USE_FUSE.key() + " is not set, which does not stop these commands");
    } else if (use.get().value().equals("0")) {
      notes.add(use.get().name() + " is 0, which does not stop these commands");
    }
    return notes;
  }

  private static boolean isOpenToOthers(String file) {
    try {
      Set<PosixFilePermission> modes = Files.getPosixFilePermissions(Path.of(file));
      return modes.contains(PosixFilePermission.GROUP_READ)
          || modes.contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException | InvalidPathException | UnsupportedOperationException e) {
      // The file was just read; where its mode cannot be told there is nothing to advise.
      return false;
    }
  }
}
