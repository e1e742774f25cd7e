package io.azcp.config;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Rules that contradict each other: the same {@code local} twice, one that an earlier one hides,
 * and cache folders that would hold different blobs under one name.
 */
final class RuleConflicts {
  private final Environment environment;
  private final List<MappingRule> rules;

  RuleConflicts(Environment environment, List<MappingRule> rules) {
    this.environment = environment;
    this.rules = rules;
  }

  /** Complains about the first contradiction, at the later of the two rules. */
  void check() throws ConfigException {
    for (int later = 1; later < rules.size(); later++) {
      for (int earlier = 0; earlier < later; earlier++) {
        checkLocal(rules.get(earlier), rules.get(later));
        checkCache(rules.get(earlier), rules.get(later));
      }
    }
  }

  private void checkLocal(MappingRule earlier, MappingRule later) throws ConfigException {
    String outer = environment.absolute(earlier.local());
    Optional<String> below = Paths.below(outer, environment.absolute(later.local()));
    if (below.isEmpty()) {
      return;
    }
    if (below.get().isEmpty()) {
      throw error(
          later,
          "key 'local': '"
              + later.local()
              + "' is mapped twice, first at "
              + earlier.origin()
              + "; take one out");
    }
    throw error(
        later,
        "key 'local': '"
            + later.local()
            + "' never matches, because the first rule that matches"
            + " wins and '"
            + earlier.local()
            + "' at "
            + earlier.origin()
            + " covers it; put the longer path first");
  }

  /**
   * Two rules may share a folder only if each blob has one place in it, and each place one blob.
   */
  private static void checkCache(MappingRule a, MappingRule b) throws ConfigException {
    String cacheA = Paths.real(a.cache());
    String cacheB = Paths.real(b.cache());
    Optional<String> bInA = Paths.below(cacheA, cacheB);
    Optional<String> aInB = Paths.below(cacheB, cacheA);
    if (bInA.isEmpty() && aInB.isEmpty()) {
      return;
    }
    boolean corresponding =
        bInA.map(suffix -> a.blobName(suffix).equals(b.remote()))
            .orElseGet(() -> b.blobName(aInB.orElseThrow()).equals(a.remote()));
    if (!sameContainer(a.account(), b.account()) || !corresponding) {
      throw error(
          b,
          "key 'cache': "
              + b.cache()
              + " and "
              + a.cache()
              + " (at "
              + a.origin()
              + ") overlap but would hold different blobs under one name; rules share a cache only"
              + " for the same account, container and place");
    }
    if (cacheA.equals(cacheB) && a.cacheLimitBytes() != b.cacheLimitBytes()) {
      throw error(
          b,
          "key 'cache_limit': the folder "
              + b.cache()
              + " has another limit at "
              + a.origin()
              + "; give both the same");
    }
  }

  private static boolean sameContainer(StorageAccount a, StorageAccount b) {
    return a.accountName().equals(b.accountName())
        && a.containerName().equals(b.containerName())
        && Objects.equals(a.endpoint(), b.endpoint());
  }

  /** The origin already is FILE:LINE. */
  private static ConfigException error(MappingRule rule, String problem) {
    int colon = rule.origin().lastIndexOf(':');
    return new ConfigException(
        rule.origin().substring(0, colon),
        Integer.parseInt(rule.origin().substring(colon + 1)),
        problem);
  }
}
