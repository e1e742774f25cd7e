package io.azcp.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A working directory with configuration files, as a user would have it. */
final class ConfigFolder {
  static final String KEY = "c2VjcmV0LWtleQ==";

  private final Path root;
  private final Map<String, String> variables = new HashMap<>();

  ConfigFolder(Path root) {
    this.root = root;
    variables.put("HOME", "/home/someone");
  }

  /** The README's pair of files, with the default names. */
  static ConfigFolder withAccount(Path root) throws IOException {
    return new ConfigFolder(root).account("acc", account());
  }

  static String account() {
    return """
        account_name: accountname
        account_key: %s
        sas_token: null
        container_name: containername
        """
        .formatted(KEY);
  }

  ConfigFolder write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return this;
  }

  ConfigFolder rules(String yaml) throws IOException {
    return write("aux_data/configs/azfuse.yaml", yaml);
  }

  ConfigFolder account(String name, String yaml) throws IOException {
    return write("aux_data/storage_account/" + name + ".yaml", yaml);
  }

  ConfigFolder set(String variable, String value) {
    variables.put(variable, value);
    return this;
  }

  Path root() {
    return root;
  }

  Environment environment() {
    return new Environment(variables, root.toString());
  }

  Mapping load() throws ConfigException {
    return MappingLoader.load(Optional.empty(), environment());
  }

  Mapping load(String option) throws ConfigException {
    return MappingLoader.load(Optional.of(option), environment());
  }

  /** The first rule of a file with one rule that has the given lines beside the required keys. */
  MappingRule rule(String... lines) throws IOException {
    return rules(
            "- local: data\n  remote: r\n  cache: c\n  storage_account: acc\n"
                + String.join(
                    "", java.util.Arrays.stream(lines).map(l -> "  " + l + "\n").toList()))
        .load()
        .rules()
        .get(0);
  }
}
