package io.azcp.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What becomes of a file written whole when somebody else wrote its blob meanwhile. */
public enum OnConflict {
  /** The later of the two keeps the name; ours is kept beside it where it is the older. */
  OVERWRITE,
  /** What the service has keeps the name; ours is always kept beside it. */
  KEEP;

  /** How it is written. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All of them as they are written, the default first. */
  public static List<String> words() {
    return Arrays.stream(values()).map(OnConflict::word).toList();
  }

  /** The one written so; empty for none. */
  public static Optional<OnConflict> of(String word) {
    return Arrays.stream(values()).filter(c -> c.word().equals(word)).findFirst();
  }
}
