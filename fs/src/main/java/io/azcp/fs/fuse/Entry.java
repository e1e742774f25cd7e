package io.azcp.fs.fuse;

/**
 * A name that leads to a node. Each entry handed to the kernel counts as one lookup of the node,
 * taken back by {@link FileSystemPort#forget}.
 *
 * @param node the node id; 0 says that the name is absent and may be remembered as such
 * @param attributes the node's attributes; null when absent
 * @param ttlNanos how long the kernel may keep the name
 */
public record Entry(long node, Attributes attributes, long ttlNanos) {
  /** The name is absent for so long. */
  public static Entry absent(long ttlNanos) {
    return new Entry(0, null, ttlNanos);
  }
}
