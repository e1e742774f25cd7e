package io.azcp.config;

import java.util.List;

/**
 * The rules of a configuration file, in order; the first that matches a path wins.
 *
 * @param file the file they were read from
 * @param rules the rules
 * @param notes sentences a user should know about them that are no errors
 */
public record Mapping(String file, List<MappingRule> rules, List<String> notes) {
  /** Makes the lists immutable. */
  public Mapping {
    rules = List.copyOf(rules);
    notes = List.copyOf(notes);
  }

  /** Rules without notes. */
  public Mapping(String file, List<MappingRule> rules) {
    this(file, rules, List.of());
  }
}
