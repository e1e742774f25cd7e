package io.azcp.fs.mount;

import io.azcp.config.MappingRule;

/**
 * Where the blobs of a path are that a rule maps.
 *
 * @param rule the rule
 * @param name relative to the rule, without slashes around it; empty for its root
 * @param directory whether it was given with a slash at its end
 * @param mounted where it is seen below a running mount, absolute; empty where it is not mounted
 */
public record MappedPlace(MappingRule rule, String name, boolean directory, String mounted) {
  static MappedPlace of(MappingRule rule, String name, String mounted) {
    boolean slash = name.endsWith("/");
    String plain = slash ? name.substring(0, name.length() - 1) : name;
    return new MappedPlace(rule, plain, slash || plain.isEmpty(), mounted);
  }

  /** The container. */
  public String container() {
    return rule.account().containerName();
  }

  /** The blob, or with a slash at its end the directory; empty for the whole container. */
  public String blobName() {
    String blob = rule.blobName(name);
    return directory && !blob.isEmpty() ? blob + "/" : blob;
  }

  /** Whether a running mount serves it. */
  public boolean isMounted() {
    return !mounted.isEmpty();
  }
}
