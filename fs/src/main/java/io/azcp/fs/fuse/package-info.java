/**
 * The port between a binding and the file system: {@link io.azcp.fs.fuse.FileSystemPort} and its
 * values. A binding speaks to the kernel and knows no blobs; the tree knows no FUSE.
 */
package io.azcp.fs.fuse;
