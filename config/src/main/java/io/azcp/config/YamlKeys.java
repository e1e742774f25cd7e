package io.azcp.config;

import io.azcp.base.ByteSize;
import io.azcp.base.Durations;
import io.azcp.base.UsageException;
import io.azcp.base.glob.Glob;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One mapping of a YAML file, read by a table of allowed keys. Every complaint names the file, the
 * line, the key and what is allowed.
 *
 * @param <K> the table
 */
final class YamlKeys<K extends Enum<K> & Option> {
  private static final Set<String> YES = Set.of("true", "yes", "on", "1");
  private static final Set<String> NO = Set.of("false", "no", "off", "0");

  /** Merge keys nest at most so deep; an anchor that merges itself would never end. */
  private static final int MAX_MERGES = 8;

  private final YamlFile file;
  private final Node node;
  private final String what;
  private final K[] table;
  private final Map<K, Node> values = new LinkedHashMap<>();

  /**
   * Checks the keys of a node.
   *
   * @param what the node's role for messages: "a rule"
   */
  YamlKeys(YamlFile file, Node node, String what, Class<K> table) throws ConfigException {
    this.file = file;
    this.node = node;
    this.what = what;
    this.table = table.getEnumConstants();
    read(node, 0);
  }

  private void read(Node from, int depth) throws ConfigException {
    if (!(from instanceof MappingNode mapping)) {
      throw file.error(from, what + " must be a mapping with the keys " + allowedKeys());
    }
    Map<K, Node> own = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (!tuple.getKeyNode().getTag().equals(Tag.MERGE)) {
        K key = key(tuple.getKeyNode());
        if (own.put(key, tuple.getValueNode()) != null) {
          throw file.error(tuple.getKeyNode(), "key '" + key.key() + "' is given twice in " + what);
        }
      }
    }
    own.forEach(values::putIfAbsent);
    for (NodeTuple tuple : mapping.getValue()) {
      if (tuple.getKeyNode().getTag().equals(Tag.MERGE)) {
        merge(tuple.getValueNode(), depth);
      }
    }
  }

  /** {@code <<: *anchor}, or a list of those: keys given nearer win. */
  private void merge(Node source, int depth) throws ConfigException {
    if (depth == MAX_MERGES) {
      throw file.error(source, "merge keys (<<) are nested more than " + MAX_MERGES + " deep");
    }
    if (source instanceof SequenceNode several) {
      for (Node one : several.getValue()) {
        read(one, depth + 1);
      }
    } else {
      read(source, depth + 1);
    }
  }

  private K key(Node keyNode) throws ConfigException {
    String written = keyNode instanceof ScalarNode scalar ? scalar.getValue() : "(not a text)";
    for (K key : table) {
      if (key.key().equals(written.replace('-', '_'))) {
        return key;
      }
    }
    String hint =
        Spelling.closest(written, Arrays.stream(table).map(Option::key).toList())
            .map(close -> " (did you mean '" + close + "'?)")
            .orElse("");
    throw file.error(
        keyNode,
        "unknown key '" + written + "' in " + what + hint + ", allowed are " + allowedKeys());
  }

  private String allowedKeys() {
    return Arrays.stream(table).map(Option::key).collect(Collectors.joining(", "));
  }

  /** The line where a key's value stands, or where the mapping starts. */
  int line(K key) {
    return YamlFile.line(values.getOrDefault(key, node));
  }

  /** Whether the key is given with a value that is not null. */
  boolean has(K key) {
    Node value = values.get(key);
    return value != null && !value.getTag().equals(Tag.NULL);
  }

  /** An error at a key. */
  ConfigException error(K key, String problem) {
    return new ConfigException(file.name(), line(key), "key '" + key.key() + "': " + problem);
  }

  /** Complains when the key is missing altogether. */
  void require(K key) throws ConfigException {
    if (!values.containsKey(key)) {
      throw file.error(
          node, what + " lacks the key '" + key.key() + "', which is " + key.allowed());
    }
  }

  /** A text that must be there and not be empty. */
  String required(K key) throws ConfigException {
    require(key);
    Optional<String> value = text(key);
    if (value.isEmpty()) {
      throw error(key, "must not be empty; allowed is " + key.allowed());
    }
    return value.get();
  }

  /** A text; nothing when the key is missing, null or empty. */
  Optional<String> text(K key) throws ConfigException {
    if (!has(key)) {
      return Optional.empty();
    }
    if (!(values.get(key) instanceof ScalarNode scalar) || scalar.getTag().equals(Tag.BOOL)) {
      throw error(
          key, "must be a text (in quotes where YAML reads it otherwise), " + key.allowed());
    }
    return Optional.of(scalar.getValue()).filter(value -> !value.isEmpty());
  }

  /** A switch; false when the key is missing. */
  boolean flag(K key) throws ConfigException {
    if (!has(key)) {
      return false;
    }
    String value = scalar(key).toLowerCase(Locale.ROOT);
    if (!YES.contains(value) && !NO.contains(value)) {
      throw error(key, "'" + value + "' is not allowed, write " + key.allowed());
    }
    return YES.contains(value);
  }

  /** One of a few words; the first when the key is missing. */
  String word(K key, List<String> words) throws ConfigException {
    if (!has(key)) {
      return words.get(0);
    }
    String value = scalar(key);
    if (!words.contains(value)) {
      throw error(key, "'" + value + "' is not allowed, write " + key.allowed());
    }
    return value;
  }

  /** A duration; the table's default when the key is missing. */
  Duration duration(K key) throws ConfigException {
    try {
      return Durations.parse(has(key) ? scalar(key) : key.fallback());
    } catch (ConfigException e) {
      throw e;
    } catch (UsageException e) {
      throw error(key, e.getMessage());
    }
  }

  /** A size of at least one byte; nothing when the key is missing. */
  Optional<ByteSize> size(K key) throws ConfigException {
    if (!has(key)) {
      return Optional.empty();
    }
    try {
      ByteSize size = ByteSize.parse(scalar(key));
      if (size.bytes() == 0) {
        throw error(key, "must be at least 1 byte");
      }
      return Optional.of(size);
    } catch (ConfigException e) {
      throw e;
    } catch (UsageException e) {
      throw error(key, e.getMessage());
    }
  }

  /** A pattern of names; nothing when the key is missing. */
  Optional<Glob> glob(K key) throws ConfigException {
    Optional<String> pattern = text(key);
    if (pattern.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Glob.of(pattern.get()));
    } catch (UsageException e) {
      throw error(key, e.getMessage());
    }
  }

  private String scalar(K key) throws ConfigException {
    if (values.get(key) instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw error(key, "must be one value, " + key.allowed());
  }
}
