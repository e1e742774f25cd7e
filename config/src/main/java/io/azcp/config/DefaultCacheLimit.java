package io.azcp.config;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The size limit of cache folders that have none of their own, from azfuse's garbage collection
 * variables. azfuse bounds the sum of all cache folders on one disk; here each folder has its own
 * limit, so the sum is split evenly.
 */
final class DefaultCacheLimit {
  private final Environment environment;

  DefaultCacheLimit(Environment environment) {
    this.environment = environment;
  }

  /** The rules, with a limit where the variables give one. */
  List<MappingRule> apply(List<MappingRule> rules) throws ConfigException {
    Optional<Environment.Variable> enabled =
        environment.azfuse(VariableName.GARBAGE_COLLECTION.bare());
    if (enabled.isEmpty() || !isOn(enabled.get())) {
      return rules;
    }
    double max = max();
    Map<FileStore, Set<String>> foldersByDisk = new HashMap<>();
    for (MappingRule rule : rules) {
      if (rule.cacheLimitBytes() == Long.MAX_VALUE) {
        foldersByDisk.computeIfAbsent(disk(rule), disk -> new HashSet<>()).add(rule.cache());
      }
    }
    Map<String, Long> limits = new HashMap<>();
    for (Map.Entry<FileStore, Set<String>> disk : foldersByDisk.entrySet()) {
      long limit = limit(max, disk.getKey(), disk.getValue().size());
      disk.getValue().forEach(folder -> limits.put(folder, limit));
    }
    List<MappingRule> limited = new ArrayList<>();
    for (MappingRule rule : rules) {
      boolean own = rule.cacheLimitBytes() != Long.MAX_VALUE;
      limited.add(own ? rule : rule.withCacheLimit(limits.get(rule.cache())));
    }
    return limited;
  }

  private static boolean isOn(Environment.Variable variable) throws ConfigException {
    if (!variable.value().matches("-?[0-9]+")) {
      throw wrong(variable, VariableName.GARBAGE_COLLECTION);
    }
    return !variable.value().matches("-?0+");
  }

  private double max() throws ConfigException {
    Optional<Environment.Variable> given =
        environment.azfuse(VariableName.GARBAGE_COLLECTION_MAX.bare());
    String text =
        given
            .map(Environment.Variable::value)
            .orElse(VariableName.GARBAGE_COLLECTION_MAX.fallback());
    try {
      double max = Double.parseDouble(text);
      if (max > 0 && max < Long.MAX_VALUE) {
        return max;
      }
    } catch (NumberFormatException e) {
      throw wrong(given.orElseThrow(), VariableName.GARBAGE_COLLECTION_MAX);
    }
    throw wrong(given.orElseThrow(), VariableName.GARBAGE_COLLECTION_MAX);
  }

  private static ConfigException wrong(Environment.Variable variable, VariableName name) {
    return new ConfigException(
        variable.name(), 0, "'" + variable.value() + "' is not allowed, set " + name.allowed());
  }

  private static long limit(double max, FileStore disk, int folders) throws ConfigException {
    try {
      double total = max < 1 ? max * disk.getTotalSpace() : max;
      return Math.max(1, (long) (total / folders));
    } catch (IOException e) {
      throw new ConfigException(disk.toString(), 0, "its size cannot be told: " + e.getMessage());
    }
  }

  /** The file system that holds, or will hold, a rule's cache folder. */
  private static FileStore disk(MappingRule rule) throws ConfigException {
    String folder = Paths.real(rule.cache());
    while (!Paths.exists(folder) && !folder.equals("/")) {
      folder = Paths.parent(folder);
    }
    try {
      return Files.getFileStore(Path.of(folder));
    } catch (IOException | InvalidPathException e) {
      throw new ConfigException(
          rule.origin(), 0, "the disk of cache " + rule.cache() + " cannot be told");
    }
  }
}
