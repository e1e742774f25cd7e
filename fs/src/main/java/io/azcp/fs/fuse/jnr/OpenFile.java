package io.azcp.fs.fuse.jnr;

/**
 * An open file or directory, found by the number libfuse keeps for us.
 *
 * @param pin keeps the node known to the port
 * @param handle the port's handle
 * @param directory whether it came of opendir
 * @param pages what the kernel keeps for it; null for a directory
 */
record OpenFile(PathTable.Pin pin, long handle, boolean directory, PathPages.Open pages) {
  long node() {
    return pin.node;
  }
}
