package io.azcp.config;

import io.azcp.base.ByteSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads azfuse's configuration file and the account files it names. Every value is checked before
 * anything is returned: a mapping that loads can be used. Confined to one thread.
 */
public final class MappingLoader {
  static final String DEFAULT_FILE = "aux_data/configs/azfuse.yaml";

  private static final List<String> WHERE = List.of("local", "remote");
  private static final List<String> STAGINGS = List.of("disk", "shm");
  private static final List<String> DURABILITIES = List.of("background", "close");

  private final Environment environment;
  private final String file;
  private final String path;
  private final AccountFiles accounts;
  private final List<String> notes = new ArrayList<>();

  private MappingLoader(Environment environment, String file) {
    this.environment = environment;
    this.file = file;
    this.path = environment.absolute(file);
    this.accounts = new AccountFiles(environment, path);
  }

  /**
   * Loads the configuration a command should use.
   *
   * @param option the value of {@code --config}; without it the variable says, else azfuse's
   *     default below the working directory
   * @throws ConfigException for a file that is missing, unreadable or not as documented, and for
   *     rules that contradict each other
   */
  public static Mapping load(Optional<String> option, Environment environment)
      throws ConfigException {
    if (option.isPresent()) {
      return new MappingLoader(environment, option.get()).load();
    }
    Optional<Environment.Variable> variable = environment.azfuse(VariableName.CONFIG_FILE.bare());
    MappingLoader loader =
        new MappingLoader(
            environment, variable.map(Environment.Variable::value).orElse(DEFAULT_FILE));
    String source =
        variable
            .map(found -> "named by " + found.name())
            .orElse(
                "the default, as neither --config nor "
                    + VariableName.CONFIG_FILE.key()
                    + " is given");
    if (!Paths.exists(loader.path)) {
      throw new ConfigException(
          loader.file,
          0,
          "there is no such file (" + source + "; it would be " + loader.path + ")");
    }
    return loader.load();
  }

  private Mapping load() throws ConfigException {
    YamlFile yaml = YamlFile.read(path, file);
    if (!(yaml.root() instanceof SequenceNode list) || list.getValue().isEmpty()) {
      throw new ConfigException(
          file,
          yaml.root() == null ? 0 : YamlFile.line(yaml.root()),
          "must be a list of rules, each with the keys local, remote, cache and storage_account");
    }
    List<MappingRule> rules = new ArrayList<>();
    for (Node node : list.getValue()) {
      rules.add(rule(new YamlKeys<>(yaml, node, "a rule", RuleKey.class)));
    }
    rules = new DefaultCacheLimit(environment).apply(rules);
    new RuleConflicts(environment, rules).check();
    notes.addAll(accounts.notes());
    return new Mapping(path, rules, notes);
  }

  private MappingRule rule(YamlKeys<RuleKey> keys) throws ConfigException {
    String local = Paths.normalize(keys.required(RuleKey.LOCAL));
    keys.require(RuleKey.REMOTE);
    String remote = remote(keys);
    String cache = environment.absolute(keys.required(RuleKey.CACHE));
    if (cache.equals("/")) {
      throw keys.error(RuleKey.CACHE, "the root of the file system cannot be a cache folder");
    }
    if (keys.has(RuleKey.CACHE_LOCK)) {
      noteLock(keys);
    }
    String origin = file + ":" + keys.line(RuleKey.LOCAL);
    return new MappingRule(
        local,
        remote,
        cache,
        accounts.get(keys.required(RuleKey.STORAGE_ACCOUNT), keys),
        keys.word(RuleKey.CLOSE, WHERE).equals("remote"),
        keys.word(RuleKey.FSYNC, WHERE).equals("remote"),
        keys.flag(RuleKey.READ_ONLY),
        keys.flag(RuleKey.SPECIAL_FILES),
        keys.duration(RuleKey.UPLOAD_DELAY),
        keys.duration(RuleKey.ATTR_TTL),
        Consistency.of(keys.word(RuleKey.CONSISTENCY, Consistency.words())).orElseThrow(),
        writing(keys),
        keys.size(RuleKey.CACHE_LIMIT).map(ByteSize::bytes).orElse(Long.MAX_VALUE),
        origin);
  }

  private static WritePolicy writing(YamlKeys<RuleKey> keys) throws ConfigException {
    return new WritePolicy(
        OnConflict.of(keys.word(RuleKey.ON_CONFLICT, OnConflict.words())).orElseThrow(),
        keys.word(RuleKey.EXCL, WHERE).equals("remote"),
        keys.word(RuleKey.DURABILITY, DURABILITIES).equals("close"),
        keys.duration(RuleKey.UPLOAD_EVERY),
        keys.glob(RuleKey.EARLY_UPLOAD),
        staging(keys),
        keys.size(RuleKey.MAX_DIRTY).map(ByteSize::bytes).orElse(Long.MAX_VALUE));
  }

  private static StagingPolicy staging(YamlKeys<RuleKey> keys) throws ConfigException {
    boolean memory = keys.word(RuleKey.STAGING, STAGINGS).equals("shm");
    for (RuleKey only : List.of(RuleKey.STAGING_SIZE, RuleKey.KEEP)) {
      if (keys.has(only) && !memory) {
        throw keys.error(only, "goes with staging: shm only, the disk keeps all that it stages");
      }
    }
    return new StagingPolicy(
        memory,
        keys.size(RuleKey.STAGING_SIZE).map(ByteSize::bytes).orElse(Long.MAX_VALUE),
        keys.flag(RuleKey.KEEP));
  }

  private void noteLock(YamlKeys<RuleKey> keys) throws ConfigException {
    boolean on = keys.flag(RuleKey.CACHE_LOCK);
    notes.add(
        file
            + ":"
            + keys.line(RuleKey.CACHE_LOCK)
            + ": cache_lock: "
            + on
            + " changes nothing, processes that read the same file always share one download");
  }

  /** Slashes around the prefix are azfuse's habit, not part of any blob's name. */
  private static String remote(YamlKeys<RuleKey> keys) throws ConfigException {
    String remote = keys.text(RuleKey.REMOTE).orElse("");
    int start = 0;
    int end = remote.length();
    while (start < end && remote.charAt(start) == '/') {
      start++;
    }
    while (end > start && remote.charAt(end - 1) == '/') {
      end--;
    }
    String prefix = remote.substring(start, end);
    for (String part : prefix.split("/", -1)) {
      if (part.equals(".") || part.equals("..") || (part.isEmpty() && !prefix.isEmpty())) {
        throw keys.error(
            RuleKey.REMOTE,
            "'" + remote + "' is not allowed, a prefix has no empty parts and none named . or ..");
      }
    }
    return prefix;
  }
}
