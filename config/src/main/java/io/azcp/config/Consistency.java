package io.azcp.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** When a rule's mount asks whether a blob is still the version it knows. */
public enum Consistency {
  /** Once what is known is as old as {@code attr_ttl}; while the service is away, what is known. */
  TTL,
  /** Never for a file that is whole in the cache, until it is refreshed; else as {@link #TTL}. */
  CACHED,
  /** At each open; what is known never stands in for a service that is away. */
  OPEN;

  /** How it is written. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All of them as they are written, the default first. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Consistency::word).toList();
  }

  /** The one written so; empty for none. */
  public static Optional<Consistency> of(String word) {
    return Arrays.stream(values()).filter(c -> c.word().equals(word)).findFirst();
  }
}
