package io.azcp.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds and reads account files by the name rules use; each is read once. */
final class AccountFiles {
  static final String DEFAULT_FOLDER = "./aux_data/storage_account";

  private final Environment environment;
  private final Set<String> folders;
  private final Map<String, StorageAccount> known = new HashMap<>();
  private final List<String> notes = new ArrayList<>();

  /**
   * Looks in the folder that the variable names, and only there; without it in azfuse's default
   * below the working directory and then beside the configuration file, so that a file can be used
   * from anywhere.
   */
  AccountFiles(Environment environment, String configFile) {
    this.environment = environment;
    Optional<String> named =
        environment.azfuse(VariableName.ACCOUNT_FOLDER.bare()).map(Environment.Variable::value);
    folders = new LinkedHashSet<>();
    folders.add(environment.absolute(named.orElse(DEFAULT_FOLDER)));
    if (named.isEmpty()) {
      String beside = Paths.parent(environment.absolute(configFile));
      folders.add(Paths.normalize(beside + "/../storage_account"));
      folders.add(beside);
    }
  }

  /** What a user should know about the files read so far. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  /** The account that a rule names. */
  StorageAccount get(String name, YamlKeys<RuleKey> rule) throws ConfigException {
    StorageAccount account = known.get(name);
    if (account == null) {
      account = AccountReader.read(name, find(name, rule), notes);
      known.put(name, account);
    }
    return account;
  }

  private String find(String name, YamlKeys<RuleKey> rule) throws ConfigException {
    List<String> tried = new ArrayList<>();
    for (String folder : folders) {
      String path = environment.absolute(folder, name + ".yaml");
      if (Paths.exists(path)) {
        return path;
      }
      tried.add(path);
    }
    throw rule.error(
        RuleKey.STORAGE_ACCOUNT,
        "there is no account file '"
            + name
            + "', looked for "
            + String.join(", ", tried)
            + "; create one or set "
            + VariableName.ACCOUNT_FOLDER.key());
  }
}
