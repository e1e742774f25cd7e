package io.azcp.transfer.engine;

/**
 * What a job was about.
 *
 * @param single the one file's name where the source was a file, else null
 */
public record Outcome(String single) {
  /** A directory, a prefix, a container. */
  static final Outcome MANY = new Outcome(null);

  /** Whether the source was one file. */
  public boolean isSingle() {
    return single != null;
  }
}
